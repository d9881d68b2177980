// Explains what is wrong with the ARN of a role, and what to write instead. A separate part of the bundle, because most ARNs are right.
// Source: the IAM user guide, "IAM identifiers".

/** The form of a partition's name. */
const PARTITION = /^aws(-[a-z0-9]+)*$/;
/** `role`, the path with its slashes, and the name. */
const ROLE = /^role(\/|\/[!-~]{1,510}\/)([\w+=,.@-]{1,64})$/;

/** Other things that have ARNs in IAM and STS, in words. */
const OTHERS: Readonly<Record<string, string>> = {
  user: "a user",
  group: "a group",
  policy: "a policy",
  "instance-profile": "an instance profile, which holds a role",
  "assumed-role": "a session of a role",
  "federated-user": "a federated user",
  root: "a whole account",
  mfa: "an MFA device",
  "saml-provider": "an identity provider",
  "oidc-provider": "an identity provider",
};

interface Problem {
  readonly expected: string;
  readonly hint?: string;
}

const EXAMPLE = "arn:aws:iam::111111111111:role/NAME";
const notRole = (because: string, hint = `write it as ${EXAMPLE}`): Problem => ({
  expected: `the ARN of a role: ${because}`,
  hint,
});

/** What is wrong with an ARN that role-arn.ts rejects; undefined for one that it accepts. */
export function roleArnProblem(value: string): Problem | undefined {
  if (value !== value.trim()) return notRole("it begins or ends with a blank", "remove the blank");
  if (!value.toLowerCase().startsWith("arn:")) return notRole("an ARN begins with arn:aws:iam::");
  const [arn = "", partition = "", service = "", region = "", account = "", ...rest] = value.split(":");
  const resource = rest.join(":");
  const [kind = ""] = resource.split(/[/:]/);
  const other = OTHERS[kind.toLowerCase()];
  if (other !== undefined) return notRole(`it names ${other}`, otherHint(kind.toLowerCase(), value));
  const lowered = `${[arn, partition, service].join(":").toLowerCase()}:${region}:${account}:${resource.replace(/^role\b/i, "role")}`;
  if (lowered !== value && !roleArnProblem(lowered)) return notRole("part of it is in upper case", `write ${lowered}`);
  if (!PARTITION.test(partition)) return notRole(`"${partition}" is not a partition such as aws, aws-cn or aws-us-gov`);
  if (service !== "iam") return notRole(`roles are of the service iam, not of "${service}"`);
  if (region !== "") return notRole("roles have no region", `write arn:${partition}:iam::${account}:${resource}`);
  if (!/^\d{12}$/.test(account)) return accountProblem(account, `arn:${partition}:iam::`, resource);
  if (ROLE.test(resource)) return undefined;
  const role = /^roles?[:/]+([\w+=,.@/-]*[\w+=,.@-])\/*$/i.exec(resource)?.[1];
  const suggestion = `arn:${partition}:iam::${account}:role/${role ?? ""}`;
  if (role !== undefined && suggestion !== value && ROLE.test(`role/${role}`))
    return notRole("role/ and a name follow the account", `write ${suggestion}`);
  return notRole(
    /^role\/?$/.test(resource)
      ? "the name of the role is missing"
      : "role/ and a name of up to 64 of A-Z a-z 0-9 _ + = , . @ - follow the account",
  );
}

function accountProblem(account: string, before: string, resource: string): Problem {
  const digits = account.replaceAll("-", "");
  if (/^\d{12}$/.test(digits))
    return notRole("an account id is written without dashes", `write ${before}${digits}:${resource}`);
  if (account === "") return notRole("the account id is missing");
  if (/^\d+$/.test(account))
    return notRole(
      `an account id has twelve digits, and this one ${String(account.length)}`,
      account.length < 12 ? "zeros at its beginning count" : undefined,
    );
  return notRole("an account id is twelve digits");
}

/** What to write instead of the ARN of something that is not a role. */
function otherHint(kind: string, value: string): string | undefined {
  const [, partition = "", account = "", name = ""] =
    /^arn:([^:]*):(?:sts|iam)::(\d{12}):(?:assumed-role|instance-profile)\/([^/\s]+)/i.exec(value) ?? [];
  if (name === "") return undefined;
  const role = `arn:${partition.toLowerCase()}:iam::${account}:role/${name}`;
  return kind === "assumed-role"
    ? `write ${role}; if the role has a path, which a session's ARN leaves out, write it before the name (aws iam get-role --role-name ${name})`
    : `aws iam get-instance-profile --instance-profile-name ${name} prints the ARN of its role, often ${role}`;
}
