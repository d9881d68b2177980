// What to tell of a value that AWS would not accept: loaded when there is one.
import { LIMITS_IN_WORDS } from "./role-option-facts.ts";
import type { Limit } from "./role-options.ts";

/** The value and what is expected. In place of an MFA code it may be the device's secret, given by mistake. */
export function notAccepted<Given extends { readonly value: string }>(
  given: Given,
  kind: Limit,
): Given & { readonly expected: string } {
  return { ...given, ...(kind === "mfaCode" && { value: "..." }), expected: LIMITS_IN_WORDS[kind] };
}
