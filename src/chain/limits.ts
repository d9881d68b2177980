// What AWS accepts in an AssumeRole call, checked before anything is sent. Source: the AssumeRole page of the STS API reference.
import { place, setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import { checkedRoleArn } from "./role-arn.ts";

/** Profiles in a chain: each is a call to AWS, and a list of profiles that name each other plans them all. */
export const LONGEST_CHAIN = 32;

/** A value with the place that says it, for errors. */
export interface Given {
  readonly value: string;
  readonly where: string;
  readonly name: string;
}

/** A profile's setting. */
export function own(profile: Section, key: string): Given | undefined {
  const found = setting(profile, key);
  return found && { value: found.value, where: place(found), name: key };
}

/** A word of the command line. */
export const option = (name: string, value: string | undefined): Given | undefined =>
  value === undefined ? undefined : { value, where: "command line", name };

/** Functions, since V8 parses a pattern where it is written: the two with \p{...} take longer than a whole plan. */
const PATTERNS = {
  policyArn: () => [/^arn:[^:\s]*:iam::[^:\s]*:policy\/\S+$/, "the ARN of a policy"],
  sessionName: () => [/^[\w+=,.@-]{2,64}$/, "2 to 64 of A-Z a-z 0-9 _ + = , . @ -"],
  externalId: () => [/^[\w+=,.@:/-]{2,1224}$/, "2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -"],
  // A serial number is a hardware device's. Security keys (u2f/) have ARNs too, and show no codes.
  mfaSerial: () => [
    /^(?!arn:)[\w+=/:,.@-]{9,256}$|^arn:aws[\w-]*:iam::\d*:(sms-)?mfa\/[\w+=/,.@-]+$/,
    "the ARN of an MFA device (arn:aws:iam::111111111111:mfa/NAME), or the serial number of a hardware one",
  ],
  mfaCode: () => [/^\d{6}$/, "a code of six digits"],
  accountId: () => [/^\d{12}$/, "an account id of twelve digits"],
  tagKey: () => [
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u,
    "a tag key of 1 to 128 letters, digits, spaces and _ . : / = + - @",
  ],
  tagValue: () => [
    /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u,
    "a tag value of up to 256 letters, digits, spaces and _ . : / = + - @",
  ],
} as const satisfies Readonly<Record<string, () => readonly [RegExp, string]>>;

/** The value, if it is of the kind. @throws XroleError `setting-invalid` */
export function checked(given: Given, kind: keyof typeof PATTERNS | "roleArn"): string {
  if (kind === "roleArn") return checkedRoleArn(given);
  const { value, where, name } = given;
  const [pattern, expected] = PATTERNS[kind]();
  if (pattern.test(value)) return value;
  throw new XroleError("setting-invalid", { where, name, value, expected });
}

/** A code as devices show it, in groups, without the blanks. */
export const withoutBlanks = (text: string): string => text.replace(/\s/g, "");

/** An MFA code, as it is sent. @throws XroleError `setting-invalid` */
export const checkedCode = (given: Given): string =>
  checked({ ...given, value: withoutBlanks(given.value) }, "mfaCode");

/** TOTP devices show six digits. */
export const isMfaCode = (text: string): boolean => PATTERNS.mfaCode()[0].test(text);

/** `3600`, and from the command line also `45m` and `1h`, in seconds. @throws XroleError `setting-invalid` */
export function seconds(
  { value, where, name }: Given,
  [least, most]: readonly [number, number] = [900, 43200],
): number {
  const isOption = name.startsWith("--");
  const pattern = isOption ? /^(\d+)([smh]?)$/ : /^(\d+)()$/;
  const [, digits, unit] = pattern.exec(value) ?? [];
  const result = Number(digits) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
  if (result >= least && result <= most) return result;
  const range = `a whole number of seconds from ${least} to ${most}`;
  // The forms are told to whom wrote another; the library passes numbers on.
  const isOtherForm = isOption && Number.isNaN(Number(value)) && value !== "NaN";
  const expected = isOtherForm ? `${range}, or the same with a unit, such as 45m or 1h` : range;
  throw new XroleError("setting-invalid", { where, name, value, expected });
}

/** A list written with commas, as aws-vault writes session_tags. */
export function commaList(given: Given | undefined): Given[] {
  if (!given) return [];
  const parts = given.value.split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "").map((value) => ({ ...given, value }));
}
