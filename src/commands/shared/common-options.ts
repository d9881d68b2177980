// The options that several commands have, and those of xrole itself.
import { seconds } from "../../plan/options/limits.ts";
import type { Argument, Option } from "./option.ts";

export const PROFILE = ["[profile]", "of ~/.aws/config; else AWS_PROFILE or default chain"] as const satisfies Argument;

export const JSON_OPTION = ["--json", "print JSON"] as const satisfies Option;

export const PICK = ["--pick", "choose the profile from a list, on the terminal"] as const satisfies Option;

/** What a role is assumed with. */
export const ROLE_OPTIONS = [
  ["--role-arn <arn>", "role to assume, instead of the profile's, if any"],
  ["--session-name <name>", "role session name, which CloudTrail shows"],
  ["--duration <time>", "life of the credentials: 3600, 45m, 1h"],
  ["--external-id <id>", "external id the role's trust policy asks for"],
  ["--source-identity <name>", "source identity, which stays through a chain"],
  ["--tag <key=value>", "session tag; may be repeated", { repeatable: true }],
  ["--transitive-tag <key>", "a tag that stays through a chain; may be repeated", { repeatable: true }],
  ["--policy <file>", "session policy (JSON): at most what it allows"],
  ["--policy-arn <arn>", "managed policy as session policy; may be repeated", { repeatable: true }],
  ["--read-only", "narrow the session to AWS's ReadOnlyAccess"],
  ["--mfa-serial <arn>", "MFA device; its code is asked for on the terminal"],
  ["--mfa-code <code>", "the code, instead of asking"],
  ["--mfa-session", "spend one code on a session that all hops share"],
  ["--region <name>", "region of STS and of the command"],
  ["--expect-account <id>", "fail unless the credentials are of this account"],
] as const satisfies readonly Option[];

/** How the cache is used. */
export const CACHE_OPTIONS = [
  [
    "--min-ttl <time>",
    "least life that kept credentials must have left",
    { parse: (text: string) => time("--min-ttl", text, [0, 43200]) },
  ],
  ["--fresh", "use nothing kept from before; keep what comes"],
  ["--no-cache", "use nothing kept, and keep nothing"],
] as const satisfies readonly Option[];

export const GLOBAL_OPTIONS = [
  ["--debug", "tell on stderr what happens; never a secret"],
  ["--quiet", "no warnings"],
  ["--no-color", "no colour"],
] as const satisfies readonly Option[];

/** The seconds that an option such as `--min-ttl 15m` says. @throws XroleError `setting-invalid` */
export const time = (option: string, text: string, range?: readonly [least: number, most: number]): number =>
  seconds({ value: text, where: "command line", name: option }, range);
