// Which ARNs are taken for a role's, and what is said of the others.
import { describe, expect, it } from "vitest";
import { checked } from "../../../../src/plan/options/limits.ts";
import { roleArnProblem } from "../../../../src/plan/aws/role-arn-problem.ts";
import { XroleError } from "../../../../src/errors/error.ts";

const A = "111111111111";

const judge = (value: string, kind: "roleArn" | "mfaSerial"): string => {
  try {
    return checked({ value, where: "config:2", name: "x" }, kind);
  } catch (error) {
    if (error instanceof XroleError) return `${error.code}: ${error.message} | ${error.hint ?? ""}`;
    throw error;
  }
};

describe("a role", () => {
  it.each([
    `arn:aws:iam::${A}:role/r`,
    `arn:aws:iam::000000000012:role/r`,
    `arn:aws:iam::${A}:role/team/app/r`,
    `arn:aws:iam::${A}:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef`,
    `arn:aws-cn:iam::${A}:role/r`,
    `arn:aws-us-gov:iam::${A}:role/r`,
    `arn:aws-iso-b:iam::${A}:role/r`,
    `arn:aws-eusc:iam::${A}:role/r`,
    `arn:aws:iam::${A}:role/a+b=c,d.e@f-g_h`,
    `arn:aws:iam::${A}:role/user/r`,
    `arn:aws:iam::${A}:role/${"r".repeat(64)}`,
  ])("%s is sent as it is", (arn) => {
    expect(judge(arn, "roleArn")).toBe(arn);
    expect(roleArnProblem(arn)).toBeUndefined();
  });

  it.each<[string, string, string]>([
    [
      `arn:aws:sts::${A}:assumed-role/r/s`,
      "it names a session of a role",
      `write arn:aws:iam::${A}:role/r; if the role has a path`,
    ],
    [`arn:aws-cn:sts::${A}:assumed-role/r/s`, "a session", `write arn:aws-cn:iam::${A}:role/r;`],
    [`arn:aws:sts::${A}:assumed-role/r`, "a session", `write arn:aws:iam::${A}:role/r;`],
    [`arn:aws:iam::${A}:assumed-role/r/s`, "a session", `write arn:aws:iam::${A}:role/r;`],
    [`arn:aws:iam::${A}:user/alice`, "it names a user", "write it as arn:aws:iam::111111111111:role/NAME"],
    [
      `arn:aws:iam::${A}:instance-profile/app`,
      "an instance profile, which holds a role",
      `often arn:aws:iam::${A}:role/app`,
    ],
    [`arn:aws:iam::${A}:group/g`, "it names a group", "role/NAME"],
    [`arn:aws:iam::aws:policy/ReadOnlyAccess`, "it names a policy", "role/NAME"],
    [`arn:aws:iam::${A}:root`, "it names a whole account", "role/NAME"],
    [`arn:aws:iam::${A}:mfa/alice`, "it names an MFA device", "role/NAME"],
    [`arn:aws:sts::${A}:federated-user/bob`, "it names a federated user", "role/NAME"],
    [`arn:aws:iam::${A}:oidc-provider/x`, "an identity provider", "role/NAME"],
    ["arn:aws:iam::12345:role/r", "an account id has twelve digits, and this one 5", "zeros at its beginning count"],
    ["arn:aws:iam::1234567890123:role/r", "an account id has twelve digits, and this one 13", "role/NAME"],
    ["arn:aws:iam::1111-1111-1111:role/r", "without dashes", `write arn:aws:iam::${A}:role/r`],
    ["arn:aws:iam:::role/r", "the account id is missing", "role/NAME"],
    ["arn:aws:iam::<account>:role/r", "an account id is twelve digits", "role/NAME"],
    [`arn:aws:iam::${A}:role/`, "the name of the role is missing", "role/NAME"],
    [`arn:aws:iam::${A}:role`, "the name of the role is missing", "role/NAME"],
    [`arn:aws:iam::${A}:r`, "role/ and a name of up to 64", "role/NAME"],
    [`arn:aws:iam::${A}:`, "role/ and a name of up to 64", "role/NAME"],
    [`arn:aws:iam::${A}`, "role/ and a name of up to 64", "role/NAME"],
    [`arn:aws:iam::${A}:role:r`, "role/ and a name follow", `write arn:aws:iam::${A}:role/r`],
    [`arn:aws:iam::${A}:roles/r`, "role/ and a name follow", `write arn:aws:iam::${A}:role/r`],
    [`arn:aws:iam::${A}:role//r`, "role/ and a name follow", `write arn:aws:iam::${A}:role/r`],
    [`arn:aws:iam::${A}:role/r/`, "role/ and a name follow", `write arn:aws:iam::${A}:role/r`],
    [`arn:aws:iam::${A}:role/r r`, "role/ and a name of up to 64", "role/NAME"],
    [`arn:aws:iam::${A}:role/*`, "role/ and a name of up to 64", "role/NAME"],
    [`arn:aws:iam::${A}:role/${"r".repeat(65)}`, "up to 64", "role/NAME"],
    [`arn:aws:iam::${A}:Role/r`, "in upper case", `write arn:aws:iam::${A}:role/r`],
    [`ARN:AWS:IAM::${A}:role/R`, "in upper case", `write arn:aws:iam::${A}:role/R`],
    [`arn:aws:iam:us-east-1:${A}:role/r`, "roles have no region", `write arn:aws:iam::${A}:role/r`],
    [`arn:aws:sts::${A}:role/r`, 'roles are of the service iam, not of "sts"', "role/NAME"],
    [`arn:amazon:iam::${A}:role/r`, '"amazon" is not a partition', "role/NAME"],
    [`arn::iam::${A}:role/r`, '"" is not a partition', "role/NAME"],
    [`arn:aws:iam::${A}:role/r `, "it begins or ends with a blank", "remove the blank"],
    [`\tarn:aws:iam::${A}:role/r`, "it begins or ends with a blank", "remove the blank"],
    [`arn:aws:iam::${A}:role/r\n`, "it begins or ends with a blank", "remove the blank"],
    [`arn:aws:iam::${A}:role/r\u200b`, "up to 64", "role/NAME"],
    ["r", "an ARN begins with arn:aws:iam::", "role/NAME"],
    [`aws:iam::${A}:role/r`, "an ARN begins with arn:aws:iam::", "role/NAME"],
    ["arn:", "is not a partition", "role/NAME"],
  ])("%j is refused: %s", (arn, because, hint) => {
    const said = judge(arn, "roleArn");
    expect(said).toContain(`setting-invalid: config:2: x = ${arn} is not the ARN of a role: `);
    expect(said).toContain(because);
    expect(said.slice(said.lastIndexOf(" | "))).toContain(hint);
  });
});

describe("an MFA device", () => {
  it.each([`arn:aws:iam::${A}:mfa/alice`, `arn:aws-us-gov:iam::${A}:mfa/team/alice`, "GAHT12345678", "SSIMHSM-1234/5"])(
    "%s is sent as it is",
    (serial) => {
      expect(judge(serial, "mfaSerial")).toBe(serial);
    },
  );

  it.each([
    `arn:aws:iam::${A}:user/alice`,
    `arn:aws:iam::${A}:u2f/user/alice/key`,
    `arn:aws:iam::${A}:role/r`,
    `arn:aws:sts::${A}:mfa/alice`,
    `arn:aws:iam::${A}:mfa/`,
    "alice",
    "a b c d e f g",
  ])("%s is refused", (serial) => {
    expect(judge(serial, "mfaSerial")).toContain("is not the ARN of an MFA device (arn:aws:iam::");
  });
});
