// What breaks a chain, how each shows, and what doctor says: the table that the tests play in the sandbox, and that docs/doctor.md
// is made of (page.ts). What stands under `prints` is what a test has seen printed.
import {
  A,
  ALICE,
  allow,
  B,
  deny,
  denyAlone,
  FROM_ALICE,
  FROM_HOST,
  PARTNER,
  READER,
  trust,
  type Changes,
} from "./world.ts";

export interface Case {
  /** What is wrong, for people. */
  readonly title: string;
  /** The world, and how it is broken. */
  readonly changes?: Changes;
  /** Options of the sandbox. */
  readonly options?: readonly string[];
  /** Lines of a shell that come first; and what stands before `xrole doctor` on its line, such as variables. */
  readonly lines?: string;
  readonly before?: string;
  /** The words after it; without them, `p`. */
  readonly words?: string;
  readonly status: number;
  /** The step that fails; of a warning, the one that warns. */
  readonly step: string;
  /** The sign: what AWS, the network or the system says. Printed too. */
  readonly sign: string;
  /** The cause that it is, and how far down the list it may stand at most; 1 is the first. */
  readonly cause?: readonly [cause: string, rank: number];
  /** Printed. The first is what docs/doctor.md shows. */
  readonly prints: readonly [string, ...string[]];
  /**
   * Doing what the cause's fixes say makes the chain work; `set` lines take the placeholder's value from here, and `words` are the
   * command line corrected.
   */
  readonly mends?: true | { readonly value: string; readonly more?: string } | { readonly words: string };
}

const ROLE = `role_arn = ${READER}`;
const BARE = `is not authorized to perform: sts:AssumeRole on resource: ${READER}`;
const because = (kind: string): string => `because no ${kind} allows the sts:AssumeRole action`;
const explicit = (kind: string): string => `with an explicit deny in ${kind}`;
const SCP = "arn:aws:organizations::999999999999:policy/o-example/service_control_policy/p-example1";
const RCP = "arn:aws:organizations::999999999999:policy/o-example/resource_control_policy/p-example2";
const FOR_PARTNER = { StringEquals: { "sts:ExternalId": PARTNER } };
const SAME_ACCOUNT: Changes = { profile: `role_arn = arn:aws:iam::${A}:role/app-host\n${FROM_ALICE}` };

/** Where AWS says nothing but that the call is denied, as it does across accounts. */
export const UNSAID: readonly Case[] = [
  {
    title: "the role's trust policy does not name the caller",
    changes: { reader: { trust: trust(`arn:aws:iam::${A}:user/bob`) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["trust", 1],
    prints: ["the trust policy of role reader does not let user alice of account 111111111111 in", `"AWS": "${ALICE}"`],
    mends: true,
  },
  {
    title: "the same, for a role as the caller: a trust policy names the role, not its session",
    changes: { profile: `${ROLE}\n${FROM_HOST}`, reader: { trust: trust(ALICE) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["trust", 1],
    prints: [
      "the trust policy of role reader does not let role app-host of account 111111111111 in",
      `"AWS": "arn:aws:iam::111111111111:role/app-host"`,
    ],
    mends: true,
  },
  {
    title: "there is no such role, or its path is missing in `role_arn`",
    changes: { accountB: { roles: { "team/reader": { trust: trust(A) } } } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["role-absent", 2],
    prints: [
      "there is no role reader in account 222222222222: the account, the name or the path in role_arn is wrong",
      "aws iam get-role --role-name reader --query Role.Arn",
    ],
  },
  {
    title: "the trust policy asks for an external id, and the profile has none",
    changes: { reader: { trust: trust(A, { StringEquals: { "sts:ExternalId": "partner-7" } }) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["external-id", 3],
    prints: ["the trust policy of role reader asks for an external id (sts:ExternalId), and none is sent"],
    mends: { value: "partner-7" },
  },
  {
    title: "the trust policy asks for another external id",
    changes: {
      reader: { trust: trust(A, { StringEquals: { "sts:ExternalId": "partner-7" } }) },
      more: "external_id = partner-8",
    },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["external-id", 3],
    prints: ["the trust policy of role reader asks for another external id than partner-8"],
    mends: { value: "partner-7" },
  },
  {
    title: "the role's trust policy does not name the caller; an external id was sent, which may be mistyped too",
    changes: {
      reader: { trust: trust(`arn:aws:iam::${A}:user/bob`, FOR_PARTNER) },
      more: `external_id = ${PARTNER}`,
    },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["trust", 1],
    prints: [`"sts:ExternalId": "<the external id that the role's owner gave you>"`],
    mends: true,
  },
  {
    title: "`--external-id` says something else than the profile, mistyped for example",
    changes: { reader: { trust: trust(A, FOR_PARTNER) }, more: `external_id = ${PARTNER}` },
    words: "p --external-id partner-8",
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["external-id-differs", 1],
    prints: [
      `--external-id partner-8 differs from external_id = ${PARTNER} of profile "p"`,
      "1. your configuration shows it: --external-id partner-8",
      "leave out --external-id, so that the profile's is sent",
    ],
    mends: { words: "p" },
  },
  {
    title: "the trust policy asks for MFA, and only the profile with the keys has `mfa_serial`",
    changes: {
      reader: { trust: trust(A, { Bool: { "aws:MultiFactorAuthPresent": "true" } }) },
      more: `[profile alice]\nmfa_serial = arn:aws:iam::${A}:mfa/alice`,
    },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["mfa", 1],
    prints: [
      `the role probably requires MFA: profile "alice", which the keys come from, has mfa_serial`,
      `mfa_serial = arn:aws:iam::${A}:mfa/alice`,
    ],
    mends: { value: "", more: `mfa_process = sandbox-mfa-code arn:aws:iam::${A}:mfa/alice` },
  },
  {
    title: "the trust policy asks for MFA, and the profile has no `mfa_serial`",
    changes: { reader: { trust: trust(A, { Bool: { "aws:MultiFactorAuthPresent": "true" } }) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["mfa", 4],
    prints: [
      "the trust policy of role reader asks for MFA (aws:MultiFactorAuthPresent), and no code is sent",
      `mfa_serial = arn:aws:iam::${A}:mfa/alice`,
    ],
    mends: { value: "", more: `mfa_process = sandbox-mfa-code arn:aws:iam::${A}:mfa/alice` },
  },
  {
    title: "the trust policy asks for MFA, and the caller is a role",
    changes: {
      profile: `${ROLE}\n${FROM_HOST}`,
      reader: { trust: trust(A, { Bool: { "aws:MultiFactorAuthPresent": "true" } }) },
    },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["mfa", 8],
    prints: [
      "the trust policy of role reader asks for MFA (aws:MultiFactorAuthPresent), which the session of a role never has",
    ],
    mends: true,
  },
  {
    title: "the trust policy asks for a certain session name",
    changes: { reader: { trust: trust(A, { StringLike: { "sts:RoleSessionName": "deploy-*" } }) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["session-name", 7],
    prints: ["the trust policy of role reader asks for another session name (sts:RoleSessionName) than xrole-"],
    mends: { value: "deploy-1" },
  },
  {
    title: "the trust policy asks for session tags",
    changes: { reader: { trust: trust(A, { StringEquals: { "aws:RequestTag/team": "blue" } }) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["session-tags", 8],
    prints: ["the trust policy of role reader asks for session tags (aws:RequestTag), and none are sent"],
    mends: { value: "team=blue" },
  },
  {
    title: "the trust policy asks for a source identity",
    changes: { reader: { trust: trust(A, { StringLike: { "sts:SourceIdentity": "alice*" } }) } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["source-identity", 9],
    prints: ["the trust policy of role reader asks for a source identity (sts:SourceIdentity), and none is sent"],
    mends: { value: "alice-1" },
  },
  {
    title: "the caller was deleted and made again, and the trust policy names the old one",
    changes: { reader: { trust: trust("AIDAEXAMPLEOFTHEOLD1") } },
    status: 77,
    step: "hop 1",
    sign: BARE,
    cause: ["principal-recreated", 5],
    prints: [
      "user alice was deleted and made again, and the trust policy of role reader still names the old one: an id (AROA..., AIDA...) is where its ARN was",
    ],
    mends: true,
  },
  {
    title: "session tags are sent, and a side does not allow `sts:TagSession`",
    changes: { reader: { trust: trust(A, undefined, ["sts:AssumeRole"]) }, more: "session_tags = team=blue" },
    status: 77,
    step: "hop 1",
    sign: `is not authorized to perform: sts:TagSession on resource: ${READER}`,
    cause: ["tag-session", 1],
    prints: ["session tags are sent, which needs sts:TagSession on both sides"],
    mends: true,
  },
  {
    title: "a source identity is sent, and a side does not allow `sts:SetSourceIdentity`",
    changes: { reader: { trust: trust(A, undefined, ["sts:AssumeRole"]) }, more: "source_identity = alice" },
    status: 77,
    step: "hop 1",
    sign: `is not authorized to perform: sts:SetSourceIdentity on resource: ${READER}`,
    cause: ["set-source-identity", 1],
    prints: ["a source identity is sent, which needs sts:SetSourceIdentity on both sides"],
    mends: true,
  },
];

/** Where AWS names the kind of policy. */
export const NAMED: readonly Case[] = [
  {
    title: "no policy of the caller allows it",
    changes: { alice: { policy: allow("s3:*") } },
    status: 77,
    step: "hop 1",
    sign: because("identity-based policy"),
    cause: ["caller-policy", 1],
    prints: ["no policy of user alice allows sts:AssumeRole on this role", `"Resource": "${READER}"`],
    mends: true,
  },
  {
    title: "a policy of the caller denies it",
    changes: { alice: { policy: deny("sts:AssumeRole", `arn:aws:iam::${A}:policy/no-roles`) } },
    status: 77,
    step: "hop 1",
    sign: explicit("an identity-based policy"),
    cause: ["deny-identity", 1],
    prints: [`a policy of user alice denies sts:AssumeRole: arn:aws:iam::${A}:policy/no-roles`],
    mends: true,
  },
  {
    title: "the trust policy does not allow it, within one account",
    changes: { ...SAME_ACCOUNT, host: { trust: trust(`arn:aws:iam::${A}:user/bob`) } },
    status: 77,
    step: "hop 1",
    sign: because("role trust policy"),
    cause: ["trust", 1],
    prints: ["the trust policy of role app-host does not let user alice of account 111111111111 in"],
    mends: true,
  },
  {
    title: "the trust policy denies it",
    changes: {
      ...SAME_ACCOUNT,
      host: {
        trust: { Statement: [...[trust(A).Statement].flat(), { Effect: "Deny", Principal: "*", Action: "sts:*" }] },
      },
    },
    status: 77,
    step: "hop 1",
    sign: explicit("the role trust policy"),
    cause: ["deny-trust", 1],
    prints: ["the trust policy of role app-host denies sts:AssumeRole"],
    mends: true,
  },
  {
    title: "a service control policy denies it",
    changes: { accountA: { serviceControlPolicy: deny("sts:AssumeRole", SCP) } },
    status: 77,
    step: "hop 1",
    sign: `${explicit("a service control policy")}: ${SCP}`,
    cause: ["deny-scp", 1],
    prints: [
      `a service control policy for account 111111111111 denies sts:AssumeRole: ${SCP}`,
      `"aws:PrincipalArn": "${ALICE}"`,
    ],
    mends: true,
  },
  {
    title: "no service control policy allows it",
    changes: { accountA: { serviceControlPolicy: allow("s3:*") } },
    status: 77,
    step: "hop 1",
    sign: because("service control policy"),
    cause: ["scp", 1],
    prints: ["no service control policy for account 111111111111 allows sts:AssumeRole"],
    mends: true,
  },
  {
    title: "a resource control policy denies it",
    changes: { accountB: { resourceControlPolicy: denyAlone("sts:AssumeRole", RCP) } },
    status: 77,
    step: "hop 1",
    sign: `${explicit("a resource control policy")}: ${RCP}`,
    cause: ["deny-rcp", 1],
    prints: [`a resource control policy for account 222222222222 denies sts:AssumeRole: ${RCP}`],
    mends: true,
  },
  {
    title: "the caller's permissions boundary denies it",
    changes: { alice: { boundary: deny("sts:*") } },
    status: 77,
    step: "hop 1",
    sign: explicit("a permissions boundary"),
    cause: ["deny-boundary", 1],
    prints: ["the permissions boundary of user alice denies sts:AssumeRole"],
    mends: true,
  },
  {
    title: "the caller's permissions boundary does not allow it",
    changes: { alice: { boundary: allow("s3:*") } },
    status: 77,
    step: "hop 1",
    sign: because("permissions boundary"),
    cause: ["boundary", 1],
    prints: ["the permissions boundary of user alice does not allow sts:AssumeRole"],
    mends: true,
  },
  {
    title: "the caller's session was narrowed by a session policy that does not allow it",
    changes: {
      more: `[profile narrowed]\nrole_arn = arn:aws:iam::${A}:role/app-host\n${FROM_ALICE}`,
      host: { trust: trust(A) },
      profile: `${ROLE}\ncredential_source = Environment`,
    },
    lines: `echo '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}' >~/narrow.json; eval "$(xrole env narrowed --policy ~/narrow.json)"`,
    status: 77,
    step: "hop 1",
    sign: because("session policy"),
    cause: ["session-policy", 1],
    prints: ["the session of role app-host was narrowed by a session policy, which does not allow sts:AssumeRole"],
  },
  {
    title: "a session policy of the caller denies it",
    changes: {
      more: `[profile narrowed]\nrole_arn = arn:aws:iam::${A}:role/app-host\n${FROM_ALICE}`,
      host: { trust: trust(A) },
      profile: `${ROLE}\ncredential_source = Environment`,
    },
    lines: `echo '{"Statement":{"Effect":"Deny","Action":"sts:*","Resource":"*"}}' >~/narrow.json; eval "$(xrole env narrowed --policy ~/narrow.json)"`,
    status: 77,
    step: "hop 1",
    sign: explicit("a session policy"),
    cause: ["deny-session-policy", 1],
    prints: ["the session of role app-host was narrowed by a session policy, which denies sts:AssumeRole"],
  },
  {
    title: "the policy of the VPC endpoint on the way denies it",
    changes: { world: { endpointPolicy: deny("sts:AssumeRole") } },
    status: 77,
    step: "hop 1",
    sign: explicit("a VPC endpoint policy"),
    cause: ["deny-vpc-endpoint", 1],
    prints: ["the policy of the VPC endpoint for STS on the way denies sts:AssumeRole"],
    mends: true,
  },
  {
    title: "the policy of the VPC endpoint on the way does not allow it",
    changes: { world: { endpointPolicy: allow("sts:GetCallerIdentity") } },
    status: 77,
    step: "hop 1",
    sign: because("VPC endpoint policy"),
    cause: ["vpc-endpoint", 1],
    prints: ["the policy of the VPC endpoint for STS on the way does not allow sts:AssumeRole"],
    mends: true,
  },
  {
    title: "STS is switched off in the region",
    changes: { accountA: { disabledRegions: ["ap-east-1"] } },
    words: "p --region ap-east-1",
    status: 77,
    step: "hop 1",
    sign: "STS is not activated in this region for account:111111111111",
    cause: ["region-disabled", 1],
    prints: ["STS in ap-east-1 is not active in account 111111111111", "activate ap-east-1 in the IAM console"],
  },
];

const CI: Changes = {
  profile: `role_arn = ${READER}\nweb_identity_token_file = \${HOME}/token`,
  accountB: {
    oidcProviders: { "ci.example.com": { audiences: ["sts.amazonaws.com"] } },
    roles: {
      reader: {
        trust: {
          Statement: {
            Effect: "Allow",
            Principal: { Federated: `arn:aws:iam::${B}:oidc-provider/ci.example.com` },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: { StringEquals: { "ci.example.com:sub": "repo:example/app:ref:refs/heads/main" } },
          },
        },
      },
    },
  },
};
const token = (subject: string, audience = "sts.amazonaws.com", issuer = "ci.example.com"): Changes => ({
  ...CI,
  world: { webIdentity: { issuer, subject, audience, file: "token" } },
});

/** Where the credentials at the start of the chain are the trouble. */
export const SOURCES: readonly Case[] = [
  {
    title: "instance metadata is switched off",
    changes: { profile: `${ROLE}\n${FROM_HOST}` },
    options: ["--fault", "instance.denied"],
    status: 69,
    step: "source",
    sign: "answered 403",
    prints: [
      "instance metadata is switched off (aws ec2 modify-instance-metadata-options --http-endpoint enabled --instance-id ...)",
    ],
  },
  {
    title: "the answer of instance metadata stops on its way, as in a container at hop limit 1",
    changes: { profile: `${ROLE}\n${FROM_HOST}` },
    options: ["--fault", "instance.slow"],
    before: "AWS_METADATA_SERVICE_NUM_ATTEMPTS=1",
    status: 69,
    step: "source",
    sign: "could not be reached: no answer within 1 s",
    prints: [
      "in a container the answer may stop at hop limit 1: aws ec2 modify-instance-metadata-options --http-put-response-hop-limit 2",
    ],
  },
  {
    title: "the instance has no role",
    changes: { profile: `${ROLE}\n${FROM_HOST}`, world: { instance: { region: "us-east-1", id: "i-1" } } },
    status: 69,
    step: "source",
    sign: "this instance has no role",
    prints: ["attach an instance profile: aws ec2 associate-iam-instance-profile"],
  },
  {
    title: "this is no container, or one without a role",
    changes: { profile: `${ROLE}\ncredential_source = EcsContainer` },
    status: 78,
    step: "source",
    sign: "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set",
    prints: ["ECS sets them for a task with a task role, EKS for a pod with Pod Identity"],
  },
  {
    title: "the container endpoint refuses",
    changes: {
      profile: `${ROLE}\ncredential_source = EcsContainer`,
      world: { container: { role: `arn:aws:iam::${A}:role/app-host`, token: "right" } },
    },
    before:
      'AWS_CONTAINER_CREDENTIALS_FULL_URI="$XROLE_SANDBOX_CONTAINER_URI" AWS_CONTAINER_AUTHORIZATION_TOKEN=not-right',
    status: 77,
    step: "source",
    sign: "refused: 401",
    prints: ["check the task role, and AWS_CONTAINER_AUTHORIZATION_TOKEN or its file"],
  },
  {
    title: "the environment holds no keys",
    changes: { profile: `${ROLE}\ncredential_source = Environment` },
    status: 78,
    step: "source",
    sign: "the source is the environment, which holds no keys",
    prints: ["export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"],
  },
  {
    title: "keys are half set",
    changes: { profile: `${ROLE}\ncredential_source = Environment` },
    before: "AWS_ACCESS_KEY_ID=AKIAALICE",
    status: 78,
    step: "source",
    sign: "AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not",
    prints: ["set both, or unset both"],
  },
  {
    title: "the credentials have expired",
    options: ["--fault", "expired"],
    status: 77,
    step: "caller",
    sign: "ExpiredToken",
    cause: ["expired", 1],
    prints: ["the source's credentials have ended"],
  },
  {
    title: "the key was deleted or made inactive",
    changes: { profile: `${ROLE}\ncredential_source = Environment` },
    before: "AWS_ACCESS_KEY_ID=AKIAGONE AWS_SECRET_ACCESS_KEY=secret-of-nobody",
    status: 77,
    step: "caller",
    sign: "InvalidClientTokenId",
    cause: ["key-unknown", 1],
    prints: ["the key AKIAGONE was deleted or made inactive"],
  },
  {
    title: "a session's keys without their session token",
    changes: { profile: `${ROLE}\ncredential_source = Environment` },
    before: "AWS_ACCESS_KEY_ID=ASIAGONE AWS_SECRET_ACCESS_KEY=secret-of-nobody",
    status: 77,
    step: "caller",
    sign: "InvalidClientTokenId",
    cause: ["token-missing", 1],
    prints: ["ASIAGONE is a session's key, and no session token goes with it"],
  },
  {
    title: "the secret is not the key's",
    changes: { profile: `${ROLE}\ncredential_source = Environment` },
    before: "AWS_ACCESS_KEY_ID=AKIAALICE AWS_SECRET_ACCESS_KEY=secret-of-another",
    status: 77,
    step: "caller",
    sign: "SignatureDoesNotMatch",
    cause: ["secret-wrong", 1],
    prints: ["the secret is not that of the key AKIAALICE"],
  },
  {
    title: "the role's trust policy does not take the web identity token",
    changes: token("repo:example/app:ref:refs/heads/feature"),
    status: 77,
    step: "role",
    sign: "Not authorized to perform sts:AssumeRoleWithWebIdentity",
    cause: ["web-identity-trust", 1],
    prints: [
      "the trust policy of role reader does not take this token: another provider, subject or audience",
      '"ci.example.com:sub": "repo:example/app:ref:refs/heads/feature"',
    ],
    mends: true,
  },
  {
    title: "the account has no identity provider for the token",
    changes: token("repo:example/app:ref:refs/heads/main", "sts.amazonaws.com", "other.example.com"),
    status: 77,
    step: "role",
    sign: "No OpenIDConnect provider found in your account for https://other.example.com",
    cause: ["web-identity-provider", 1],
    prints: [
      "account 222222222222 has no identity provider for https://other.example.com",
      "aws iam create-open-id-connect-provider --url https://other.example.com --client-id-list sts.amazonaws.com",
    ],
  },
  {
    title: "the identity provider does not take the token's audience",
    changes: token("repo:example/app:ref:refs/heads/main", "somebody-else"),
    status: 77,
    step: "role",
    sign: "Incorrect token audience",
    cause: ["web-identity-audience", 1],
    prints: [
      "the identity provider in account 222222222222 does not take the token's audience somebody-else",
      "--client-id somebody-else",
    ],
  },
  {
    title: "the web identity token's file is not there",
    changes: CI,
    status: 78,
    step: "source",
    sign: "there is no such file",
    prints: ["EKS mounts it in pods whose service account has a role; in CI a step of the job writes it"],
  },
];

/** Lines of a shell that start a server on loopback, at $PORT, which answers everything with `body`, and CONNECT with `status` too. */
const answering = (status: number, type: string, body: string): string => {
  const head = `HTTP/1.1 ${String(status)} Answer\\r\\nContent-Length: 0\\r\\n\\r\\n`;
  const code = [
    `const server = require("node:http").createServer((_, to) => void to.writeHead(${String(status)}, { "content-type": "${type}" }).end(${JSON.stringify(body)}));`,
    `server.on("connect", (_, socket) => void socket.end("${head}"));`,
    `server.listen(0, "127.0.0.1", () => console.log(server.address().port));`,
  ];
  return `mkfifo ~/port; '${process.execPath}' -e '${code.join(" ")}' >~/port & trap "kill $!" EXIT; read -r PORT <~/port`;
};
const PAGE = "<!doctype html><html><head><title>Sign in to Guest Wi-Fi</title></head></html>";
const AWAY = "Could not retrieve verification key from your identity provider";
const AWAY_REPLY = `<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code><Message>${AWAY}</Message></Error></ErrorResponse>`;

/** Everything else on the way. */
export const OTHERS: readonly Case[] = [
  {
    title: "there is no such profile",
    words: "pp",
    status: 78,
    step: "profile",
    sign: 'there is no profile "pp"',
    prints: ['did you mean "p"?'],
  },
  {
    title: "STS cannot be reached",
    before: "AWS_ENDPOINT_URL_STS=http://127.0.0.1:1",
    status: 69,
    step: "sts",
    sign: "http://127.0.0.1:1/ could not be reached: connection refused",
    prints: ["check the network, the region, the endpoint and the proxy variables"],
  },
  {
    title: "the proxy does not let xrole through to STS",
    lines: answering(403, "text/plain", "no"),
    before: "AWS_ENDPOINT_URL_STS=https://sts.example.com https_proxy=http://127.0.0.1:$PORT",
    status: 69,
    step: "sts",
    sign: "does not connect to https://sts.example.com/: it answered 403",
    prints: ["its rules may forbid that host: ask whoever runs the proxy, or name the host in no_proxy to go past it"],
  },
  {
    title: "the proxy wants a user and a password",
    lines: answering(407, "text/plain", "no"),
    before: "AWS_ENDPOINT_URL_STS=https://sts.example.com https_proxy=http://127.0.0.1:$PORT",
    status: 69,
    step: "sts",
    sign: "does not connect to https://sts.example.com/: it answered 407",
    prints: ["it wants a user and a password: write them into the proxy variable"],
  },
  {
    title: "a web page comes instead of AWS's answer, such as a network's sign-in page",
    lines: answering(200, "text/html", PAGE),
    before: "AWS_ENDPOINT_URL_STS=http://127.0.0.1:$PORT",
    status: 70,
    step: "sts",
    sign: 'it is a web page ("Sign in to Guest Wi-Fi")',
    prints: [
      "open a web page to sign in to this network if it asks for that; else check the proxy variables and the endpoint",
    ],
  },
  {
    title: "AWS cannot get the keys of the web identity token's issuer",
    changes: token("repo:example/app:ref:refs/heads/main"),
    lines: answering(400, "text/xml", AWAY_REPLY),
    before: "AWS_ENDPOINT_URL_STS=http://127.0.0.1:$PORT",
    status: 75,
    step: "role",
    sign: "it did not get the identity provider's keys",
    prints: ["try again later; if it stays, AWS cannot reach the provider's issuer URL"],
  },
  {
    title: "STS throttles",
    options: ["--fault", "throttle"],
    status: 75,
    step: "caller",
    sign: "Rate exceeded",
    prints: ["trying later may help"],
  },
  {
    title: "the role allows no session as long as the profile asks for",
    changes: { more: "duration_seconds = 7200" },
    status: 77,
    step: "hop 1",
    sign: `the longest session of ${READER} is shorter than the 7200 s asked for`,
    prints: ["aws iam update-role --role-name reader --max-session-duration 7200"],
  },
  {
    title: "an MFA code is needed, and there is no terminal to ask on",
    changes: { more: `mfa_serial = arn:aws:iam::${A}:mfa/alice` },
    status: 77,
    step: "hop 1",
    sign: "is needed, and there is no terminal to ask on",
    prints: [
      "give it with --mfa-code, let mfa_process print it, or spend one code on a longer session (--mfa-session)",
    ],
  },
  {
    title: "the chain leads to another account than `--expect-account` says",
    words: "p --expect-account 333333333333",
    status: 78,
    step: "profile",
    sign: "this leads to account 222222222222, not to 333333333333 as expected",
    prints: ["this leads to account 222222222222, not to 333333333333 as expected"],
  },
];

/** What works, with a warning. */
export const WARNINGS: readonly Case[] = [
  {
    title: "a VPC endpoint on the way lets `sts:AssumeRole` through, and nothing else",
    changes: { world: { endpointPolicy: allow("sts:AssumeRole") } },
    status: 0,
    step: "caller",
    sign: "because no VPC endpoint policy allows the sts:GetCallerIdentity action",
    prints: [
      "STS does not say who this is (sts:GetCallerIdentity), which only a VPC endpoint's policy can forbid",
      "AWS says: User: arn:aws:iam::111111111111:user/alice is not authorized",
    ],
  },
  {
    title: "this machine's clock is off",
    options: ["--clock-offset", "20m"],
    status: 0,
    step: "clock",
    sign: "the Date of STS's answer",
    prints: ["this machine's is 20 min behind AWS's"],
  },
  {
    title: "a region in the environment wins over the profile's",
    before: "AWS_REGION=eu-west-1",
    status: 0,
    step: "not used",
    sign: "`AWS_REGION` is set",
    prints: ["region = us-east-1: AWS_REGION = eu-west-1 wins"],
  },
  {
    title: "a profile was left in the environment",
    before: "AWS_PROFILE=other",
    status: 0,
    step: "not used",
    sign: "`AWS_PROFILE` is set",
    prints: ["AWS_PROFILE = other: the command line names the profile"],
  },
  {
    title: "an endpoint in the environment wins over the profile's",
    changes: { more: "endpoint_url = https://sts.example.com" },
    status: 0,
    step: "not used",
    sign: "`AWS_ENDPOINT_URL_STS` or `AWS_ENDPOINT_URL` is set",
    prints: ["endpoint_url = https://sts.example.com: AWS_ENDPOINT_URL_STS = http://127.0.0.1:"],
  },
  {
    title: "others may read the credentials file",
    lines: 'chmod 644 "$AWS_SHARED_CREDENTIALS_FILE"',
    status: 0,
    step: "files",
    sign: "its mode",
    prints: ["others may read "],
  },
  {
    title: "others may write to the config file, and so decide what runs",
    lines: 'chmod 666 "$AWS_CONFIG_FILE"',
    status: 0,
    step: "files",
    sign: "its mode",
    prints: ["others may write to "],
  },
];
