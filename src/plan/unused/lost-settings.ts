// Finds lines of a profile that were meant as settings but are not read as such: misspelt, or indented into the value above (rule 8). Pure.
import { KEY_SETTINGS, KNOWN_SETTINGS } from "../edited/known-settings.ts";
import { closeNames } from "../../config/close-names.ts";
import { location } from "../../config/location.ts";
import type { Section, Setting, Settings } from "../../config/types.ts";

export interface LostSetting {
  /** As it is written. */
  readonly written: string;
  /** The setting that was meant. */
  readonly meant: string;
  readonly value: string;
  /** `file:line` */
  readonly from: string;
  /** The setting whose value an indented line is part of, and its line. */
  readonly above?: { readonly name: string; readonly line: number };
}

const NAMES: ReadonlySet<string> = new Set([...KNOWN_SETTINGS, ...KEY_SETTINGS]);

/** Names that other tools and older documentation use. They differ too much from the right name to count as typing errors. */
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ["awsaccesskey", "aws_access_key_id"],
  ["accesskey", "aws_access_key_id"],
  ["accesskeyid", "aws_access_key_id"],
  ["awssecretkey", "aws_secret_access_key"],
  ["secretkey", "aws_secret_access_key"],
  ["secretaccesskey", "aws_secret_access_key"],
  ["sessiontoken", "aws_session_token"],
]);

/** Makes `rolearn` of `role-arn` and `roleArn`. */
const normal = (name: string): string => name.toLowerCase().replace(/[-_.\s]/g, "");
let byNormal: ReadonlyMap<string, string> | undefined;

/** The lines in the order of the file, the indented ones first. */
export function lostSettings({ settings }: Pick<Section, "settings">): readonly LostSetting[] {
  const before = found.get(settings);
  if (before) return before;
  const all = findLost(settings);
  found.set(settings, all);
  return all;
}

/** Results by profile: a list of profiles looks at a source profile once for each profile that starts from it. */
const found = new WeakMap<Settings, readonly LostSetting[]>();

function findLost(settings: Settings): LostSetting[] {
  let left = MOST_COMPARED;
  const indented: LostSetting[] = [];
  const misspelt: LostSetting[] = [];
  for (const [name, own] of settings) {
    for (const [written, { value, file, line }] of [...(own.nested ?? []), ...(own.continued ?? [])]) {
      const meant = NAMES.has(written) ? written : undefined;
      // Nested blocks such as s3 have some settings with the same names, which are right there.
      if (meant === undefined || settings.has(meant) || SHARED.includes(meant)) continue;
      const above = { name, line: own.line };
      indented.push({ written, meant, value, from: location({ file, line }), above });
    }
    if (NAMES.has(name) || left-- <= 0) continue;
    const meant = meantBy(name);
    if (own.value !== "" && meant !== undefined && isAbsent(settings.get(meant)))
      misspelt.push({ written: name, meant, value: own.value, from: location(own) });
  }
  return [...indented, ...misspelt];
}

/** The most unknown settings that are compared in a profile, because comparing takes time. */
const MOST_COMPARED = 200;

const SHARED = ["endpoint_url", "use_dualstack_endpoint", "use_fips_endpoint"];

const isAbsent = (found: Setting | undefined): boolean => found === undefined || found.value === "";

/** The setting that an unknown name is close to. */
function meantBy(name: string): string | undefined {
  // Made when first needed, which is rare.
  byNormal ??= new Map([...NAMES].map((one) => [normal(one), one]));
  const plain = normal(name);
  const bare = plain.replace(/^aws/, "");
  const exact = byNormal.get(plain) ?? OTHER_NAMES.get(plain) ?? byNormal.get(bare);
  if (exact !== undefined) return exact;
  const [close] = closeNames(plain, byNormal.keys(), 4);
  return close === undefined ? undefined : byNormal.get(close);
}
