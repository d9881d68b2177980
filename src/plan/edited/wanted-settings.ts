// Reads the options of `configure` as settings to write. Whether the result can be planned is checked in edited-config.ts.
import { BOOLEAN_SETTINGS, KEY_SETTINGS, KNOWN_SETTINGS } from "./known-settings.ts";
import { closeNames } from "../../config/close-names.ts";
import { XroleError } from "../../errors/error.ts";
import { seconds } from "../options/limits.ts";
import type { ConfiguredName } from "../options/role-option-facts.ts";
import { roleOptionRows, type RoleOptions } from "../options/role-options.ts";
import type { Given } from "../options/given.ts";
import { tagsOf } from "../options/session-limits.ts";

/** Values as typed; "" removes a setting. */
export interface SettingOptions extends Pick<RoleOptions, ConfiguredName> {
  readonly sourceProfile?: string;
  readonly credentialSource?: string;
  readonly mfaProcess?: string;
  readonly webIdentityTokenFile?: string;
  readonly credentialProcess?: string;
  readonly ssoSession?: string;
  readonly endpointUrl?: string;
  /** `key=value` words. */
  readonly set?: readonly string[];
}

/** The settings of the options that are not role options. */
const OWN = {
  sourceProfile: "source_profile",
  credentialSource: "credential_source",
  webIdentityTokenFile: "web_identity_token_file",
  credentialProcess: "credential_process",
  ssoSession: "sso_session",
  mfaProcess: "mfa_process",
  endpointUrl: "endpoint_url",
} as const;

/** The order of the settings in a new profile. Others come after these, and before those of `--set`. */
const ORDER = [
  ...[
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "credential_process",
    "sso_session",
  ],
  ...["region", "role_session_name", "external_id", "mfa_serial", "mfa_process", "source_identity", "endpoint_url"],
  ...["duration_seconds", "session_tags", "transitive_session_tags"],
];

/**
 * The settings to write, by key.
 * @throws XroleError `usage`, `setting-invalid`
 */
export function wantedSettings(options: SettingOptions): Map<string, string> {
  const wanted = new Map<string, string>();
  const add = (key: string, value: string | undefined): void => {
    if (value === undefined) return;
    if (wanted.has(key)) throw new XroleError("usage", { problem: `${key} is given twice` });
    wanted.set(key, value);
  };
  const given = [
    ...roleSettings(options),
    ...Object.entries(OWN).map(([name, key]) => [key, options[name as keyof typeof OWN]] as const),
  ];
  const place = (key: string): number => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  for (const [key, value] of given.sort(([one], [other]) => place(one) - place(other))) add(key, value);
  for (const word of options.set ?? []) {
    const [key, value] = splitWord(word);
    add(key, value);
  }
  for (const [key, value] of wanted) expectFit(key, value);
  return wanted;
}

/** The settings of the role options, and the text for each; undefined where the option is not given. */
function roleSettings(options: SettingOptions): (readonly [key: string, value: string | undefined])[] {
  return roleOptionRows().flatMap(([name, { setting: key }]) => {
    const value = (options as RoleOptions)[name];
    if (key === undefined || value === undefined || typeof value === "boolean") return [];
    if (name === "duration") return [[key, durationSetting(options.duration)]];
    if (name === "tag") return [[key, tagsSetting(options.tag)]];
    return [[key, typeof value === "string" ? value : value.filter((one) => one !== "").join(", ")]];
  });
}

const given = (name: string, value: string): Given => ({ value, where: "command line", name });

/** The file has seconds only; the option also accepts `45m` and `1h`. */
function durationSetting(duration: string | undefined): string | undefined {
  return duration === undefined || duration === "" ? duration : String(seconds(given("--duration", duration)));
}

function tagsSetting(tags: readonly string[] | undefined): string | undefined {
  const written = tags?.filter((one) => one !== "").map((one) => given("--tag", one));
  return (
    written &&
    Object.entries(tagsOf(written))
      .map((tag) => tag.join("="))
      .join(", ")
  );
}

/** @throws XroleError `usage`, which never shows the value: it may be a key */
function splitWord(word: string): [key: string, value: string] {
  const equals = word.indexOf("=");
  const key = word.slice(0, equals).trim().toLowerCase();
  if (equals < 0) throw new XroleError("usage", { problem: "--set wants key=value" });
  if (KEY_SETTINGS.includes(key)) throw secretRefusal();
  if (KNOWN_SETTINGS.some((known) => known === key)) return [key, word.slice(equals + 1).trim()];
  const close = closeNames(key, KNOWN_SETTINGS);
  throw new XroleError("usage", {
    problem: `--set ${key} is no setting that xrole reads`,
    hint: close.length > 0 ? `did you mean ${close.join(", ")}?` : `known are ${KNOWN_SETTINGS.join(", ")}`,
  });
}

function expectFit(name: string, value: string): void {
  // Every access key id looks like this. Its secret is probably in the same value, for example in a command.
  if (/\bA[KS]IA[A-Z0-9]{16}\b/.test(value)) throw secretRefusal();
  if (BOOLEAN_SETTINGS.includes(name) && !/^(true|false|)$/i.test(value))
    throw new XroleError("setting-invalid", { where: "command line", name, value, expected: "true or false" });
}

const secretRefusal = (): XroleError =>
  new XroleError("usage", {
    problem: "xrole writes no keys, and a command line is no place for them: change them, others have seen them",
    hint: "`aws configure` writes keys to the credentials file; a role needs none",
  });
