// Turns what a program asks for into what the command line would say, so that both mean the same.
import type { RoleOptions } from "../chain/role-options.ts";
import { XroleError } from "../errors.ts";
import type { XroleOptions } from "./types.ts";

/** What each option must be; whatever else is given is a mistake, such as `profil`, that would end as somebody else. */
const KINDS = {
  profile: "string",
  roleArn: "string",
  sessionName: "string",
  durationSeconds: "number",
  externalId: "string",
  sourceIdentity: "string",
  tags: "object",
  transitiveTagKeys: "array",
  policy: "string or object",
  policyArns: "array",
  readOnly: "boolean",
  mfaSerial: "string",
  mfaCode: "string",
  mfaCodeProvider: "function",
  mfaSession: "boolean",
  region: "string",
  expectAccount: "string",
  minTtl: "number",
  fresh: "boolean",
  cache: "boolean",
  env: "object",
  warn: "function",
  debug: "function",
} as const satisfies Record<keyof XroleOptions, string>;

/** The option of the library for each of the command line that errors and warnings may name. */
export const OPTION_OF_FLAG: Readonly<Record<string, keyof XroleOptions>> = {
  "--role-arn": "roleArn",
  "--session-name": "sessionName",
  "--duration": "durationSeconds",
  "--external-id": "externalId",
  "--source-identity": "sourceIdentity",
  "--tag": "tags",
  "--transitive-tag": "transitiveTagKeys",
  "--policy": "policy",
  "--policy-arn": "policyArns",
  "--read-only": "readOnly",
  "--mfa-serial": "mfaSerial",
  "--mfa-code": "mfaCode",
  "--mfa-session": "mfaSession",
  "--region": "region",
  "--expect-account": "expectAccount",
  "--min-ttl": "minTtl",
};

/** @throws XroleError `usage` for an option that is not known or not of its kind */
export function checkOptions(options: XroleOptions): void {
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (!Object.hasOwn(KINDS, name)) throw new XroleError("usage", { problem: `there is no option ${name}` });
    const kind = KINDS[name as keyof XroleOptions];
    const found = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
    if (found !== "undefined" && !kind.split(" or ").includes(found))
      throw new XroleError("usage", { problem: `${name} must be of type ${kind}, not ${found}` });
  }
}

/** The role options of the command line. @throws XroleError `setting-invalid` for a tag that it could not say */
export function roleOptions(options: XroleOptions): RoleOptions {
  const { durationSeconds, tags, transitiveTagKeys, policy, policyArns } = options;
  const given = {
    ...pick(options, ["roleArn", "sessionName", "externalId", "sourceIdentity", "region", "expectAccount"]),
    ...pick(options, ["mfaSerial", "mfaCode", "mfaSession", "readOnly"]),
    duration: durationSeconds === undefined ? undefined : String(durationSeconds),
    tag: tags && Object.entries(tags).map(tagWord),
    transitiveTag: transitiveTagKeys,
    policy: typeof policy === "object" ? JSON.stringify(policy) : policy,
    policyArn: policyArns,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A tag as the command line says it: the key ends at the first `=`. */
function tagWord([key, value]: readonly [string, string]): string {
  if (key.includes("="))
    throw new XroleError("setting-invalid", {
      where: "command line",
      name: "--tag",
      value: key,
      expected: "a tag key without =",
    });
  return `${key}=${value}`;
}

function pick<Name extends keyof XroleOptions>(
  options: XroleOptions,
  names: readonly Name[],
): Pick<XroleOptions, Name> {
  return Object.fromEntries(names.map((name) => [name, options[name]])) as Pick<XroleOptions, Name>;
}
