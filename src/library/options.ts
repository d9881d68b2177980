// Turns what a program asks for into what the command line would say, so that both mean the same.
import type { RoleOptions } from "../plan/options/role-options.ts";
import { XroleError } from "../errors/error.ts";
import type { ReadOptions } from "./read-options.ts";
import type { XroleOptions } from "./types.ts";

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

/** The role options of the command line. @throws XroleError `setting-invalid` for a tag that it could not say */
export function roleOptions(options: ReadOptions): RoleOptions {
  const { durationSeconds, tags, transitiveTagKeys, policy, policyArns } = options;
  const given = {
    ...pick(options, ["roleArn", "sessionName", "externalId", "sourceIdentity", "region", "expectAccount"]),
    ...pick(options, ["mfaSerial", "mfaCode", "mfaSession", "readOnly"]),
    duration: durationSeconds === undefined ? undefined : String(durationSeconds),
    tag: tags && Object.entries(tags).map(tagWord),
    transitiveTag: transitiveTagKeys,
    policy,
    policyArn: policyArns,
  };
  const found = Object.entries(given).filter(([, value]) => value !== undefined);
  // Without a prototype, as the options themselves.
  return Object.assign(Object.create(null) as RoleOptions, Object.fromEntries(found));
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
