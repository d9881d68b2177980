// What AWS accepts in an AssumeRole call, in words: loaded when a value is not accepted.

const WORDS = {
  policyArn: "the ARN of a policy",
  sessionName: "2 to 64 of A-Z a-z 0-9 _ + = , . @ -",
  externalId: "2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -",
  mfaSerial: "the ARN of an MFA device (arn:aws:iam::111111111111:mfa/NAME), or the serial number of a hardware one",
  mfaCode: "a code of six digits",
  accountId: "an account id of twelve digits",
  tagKey: "a tag key of 1 to 128 letters, digits, spaces and _ . : / = + - @",
  tagValue: "a tag value of up to 256 letters, digits, spaces and _ . : / = + - @",
} as const;

/** What is limited. */
export type Limited = keyof typeof WORDS;

/** What to tell of a value that is not accepted. In place of an MFA code it may be the device's secret, given by mistake. */
export function notAccepted<Given extends { readonly value: string }>(
  given: Given,
  kind: Limited,
): Given & { readonly expected: string } {
  return { ...given, ...(kind === "mfaCode" && { value: "..." }), expected: WORDS[kind] };
}
