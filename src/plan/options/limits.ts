// What AWS accepts in an AssumeRole call, checked before anything is sent. Source: the AssumeRole page of the STS API reference.
import { type Given } from "./given.ts";
import { XroleError } from "../../errors/error.ts";
import { notAccepted } from "./limits-in-words.ts";
import { LIMITS, type Limit } from "./role-options.ts";
import { checkedRoleArn } from "../aws/role-arn.ts";

/** Profiles in a chain: each is a call to AWS, and a list of profiles that name each other plans them all. */
export const LONGEST_CHAIN = 32;

/** The value, if it is of the kind. @throws XroleError `setting-invalid` */
export function checked(given: Given, kind: Limit | "roleArn"): string {
  if (kind === "roleArn") return checkedRoleArn(given);
  if (LIMITS[kind]().test(given.value)) return given.value;
  throw new XroleError("setting-invalid", notAccepted(given, kind));
}

/** A code as devices show it, in groups, without the blanks. */
export const withoutBlanks = (text: string): string => text.replace(/\s/g, "");

/** An MFA code, as it is sent. @throws XroleError `setting-invalid` */
export const checkedCode = (given: Given): string =>
  checked({ ...given, value: withoutBlanks(given.value) }, "mfaCode");

/** TOTP devices show six digits. */
export const isMfaCode = (text: string): boolean => LIMITS.mfaCode().test(text);

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
