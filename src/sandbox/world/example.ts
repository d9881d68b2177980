// The example world: a host in account A that must read a bucket in account B, and a role in account C one hop further.
import type { Policy } from "../iam/evaluate-policy.ts";
import type { World } from "./world.ts";

const allow = (Action: string | readonly string[], Resource: string | readonly string[]): Policy => ({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action, Resource },
});
const service = (name: string): Policy => ({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Principal: { Service: name }, Action: "sts:AssumeRole" },
});

const ROLE_B = "arn:aws:iam::222222222222:role/role-b-s3";
const ROLE_B_MFA = "arn:aws:iam::222222222222:role/role-b-s3-mfa";
const ROLE_B_CI = "arn:aws:iam::222222222222:role/role-b-s3-ci";
const ISSUER = "ci.example.com";
const ROLE_C = "arn:aws:iam::333333333333:role/role-c-audit";

const CONFIG = `# The story: this host's role in account 111111111111 may assume role-b-s3 in 222222222222.
[profile b-s3]
credential_source = Ec2InstanceMetadata
role_arn = ${ROLE_B}
region = us-east-1

# The same from a container, and from keys in the environment.
[profile b-s3-container]
credential_source = EcsContainer
role_arn = ${ROLE_B}
region = us-east-1

[profile b-s3-environment]
credential_source = Environment
role_arn = ${ROLE_B}
region = us-east-1

# The same from keys in a file, and one hop further, where an external id is asked for.
[profile alice]
aws_access_key_id = AKIASANDBOXALICE
aws_secret_access_key = sandbox-secret-of-alice
region = us-east-1

[profile b-s3-alice]
source_profile = alice
role_arn = ${ROLE_B}
region = us-east-1

[profile c-audit]
source_profile = b-s3
role_arn = ${ROLE_C}
external_id = audit-2026
region = us-east-1

# The same from keys with an MFA code, which the sandbox's device shows; and from a CI job's token.
[profile b-s3-mfa]
source_profile = alice
role_arn = ${ROLE_B_MFA}
mfa_serial = arn:aws:iam::111111111111:mfa/alice
mfa_process = sandbox-mfa-code arn:aws:iam::111111111111:mfa/alice
region = us-east-1

[profile b-s3-ci]
web_identity_token_file = \${HOME}/ci-token.jwt
role_arn = ${ROLE_B_CI}
region = us-east-1
`;

export const EXAMPLE: World = {
  accounts: {
    "111111111111": {
      roles: {
        "app-host": { trust: service("ec2.amazonaws.com"), policy: allow("sts:AssumeRole", ROLE_B) },
        "app-task": { trust: service("ecs-tasks.amazonaws.com"), policy: allow("sts:AssumeRole", ROLE_B) },
      },
      users: {
        alice: {
          accessKeyId: "AKIASANDBOXALICE",
          secretAccessKey: "sandbox-secret-of-alice",
          policy: allow(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"], [ROLE_B, ROLE_B_MFA]),
          mfaSecret: "SANDBOXMFASECRET",
        },
      },
      buckets: {},
    },
    "222222222222": {
      roles: {
        "role-b-s3": {
          trust: {
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Principal: {
                AWS: [
                  "arn:aws:iam::111111111111:role/app-host",
                  "arn:aws:iam::111111111111:role/app-task",
                  "arn:aws:iam::111111111111:user/alice",
                ],
              },
              Action: ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            },
          },
          policy: {
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::b-s3-bucket" },
              { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::b-s3-bucket/*" },
              { Effect: "Allow", Action: "sts:AssumeRole", Resource: ROLE_C },
            ],
          },
        },
        "role-b-s3-mfa": {
          trust: {
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Principal: { AWS: "arn:aws:iam::111111111111:root" },
              Action: "sts:AssumeRole",
              Condition: { Bool: { "aws:MultiFactorAuthPresent": "true" } },
            },
          },
          policy: allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b-s3-bucket", "arn:aws:s3:::b-s3-bucket/*"]),
        },
        "role-b-s3-ci": {
          trust: {
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Principal: { Federated: `arn:aws:iam::222222222222:oidc-provider/${ISSUER}` },
              Action: "sts:AssumeRoleWithWebIdentity",
              Condition: { StringEquals: { [`${ISSUER}:sub`]: "repo:example/app:ref:refs/heads/main" } },
            },
          },
          policy: allow(["s3:ListBucket", "s3:GetObject"], ["arn:aws:s3:::b-s3-bucket", "arn:aws:s3:::b-s3-bucket/*"]),
        },
      },
      oidcProviders: { [ISSUER]: { audiences: ["sts.amazonaws.com"] } },
      users: {},
      buckets: {
        "b-s3-bucket": {
          objects: {
            "hello.txt": "Hello from account B.\n",
            "reports/2026-10.csv": "day,orders\n1,17\n2,23\n",
            "reports/2026-11.csv": "day,orders\n1,19\n",
          },
        },
      },
    },
    "333333333333": {
      roles: {
        "role-c-audit": {
          trust: {
            Version: "2012-10-17",
            Statement: {
              Effect: "Allow",
              Principal: { AWS: ROLE_B },
              Action: "sts:AssumeRole",
              Condition: { StringEquals: { "sts:ExternalId": "audit-2026" } },
            },
          },
        },
      },
      users: {},
      buckets: {},
    },
  },
  instance: { role: "arn:aws:iam::111111111111:role/app-host", region: "us-east-1", id: "i-0123456789abcdef0" },
  container: { role: "arn:aws:iam::111111111111:role/app-task", token: "sandbox-container-token" },
  webIdentity: {
    issuer: ISSUER,
    subject: "repo:example/app:ref:refs/heads/main",
    audience: "sts.amazonaws.com",
    file: "ci-token.jwt",
  },
  files: { ".aws/config": CONFIG },
};
