// The command table: what help, completion and the manual are made of. A command's code is imported when it runs.
import { FORMATS } from "./deliver/format-names.ts";
import type { Entry, Option } from "./options.ts";

const PROFILE = ["[profile]", "a profile of ~/.aws/config; without one, AWS_PROFILE or the default chain"] as const;
const JSON_OPTION: Option = ["--json", "print JSON"];
const PICK: Option = ["--pick", "choose the profile from a list, on the terminal"];
const ROLE_OPTIONS: readonly Option[] = [
  ["--role-arn <arn>", "role to assume, instead of the profile's or without a profile"],
  ["--session-name <name>", "role session name, which CloudTrail shows"],
  ["--duration <time>", "life of the credentials: 3600, 45m, 1h"],
  ["--external-id <id>", "external id the role's trust policy asks for"],
  ["--source-identity <name>", "source identity, which stays through a chain"],
  ["--tag <key=value>", "session tag; may be repeated", "repeatable"],
  ["--transitive-tag <key>", "a tag that stays through a chain; may be repeated", "repeatable"],
  ["--policy <file>", "session policy (JSON): at most what it allows"],
  ["--policy-arn <arn>", "managed policy as session policy; may be repeated", "repeatable"],
  ["--read-only", "narrow the session to AWS's ReadOnlyAccess"],
  ["--mfa-serial <arn>", "MFA device; its code is asked for on the terminal"],
  ["--mfa-code <code>", "the code, instead of asking"],
  ["--mfa-session", "spend one code on a session that all hops start from"],
  ["--region <name>", "region of STS and of the command"],
  ["--expect-account <id>", "fail unless the credentials are of this account"],
  ["--min-ttl <time>", "least life that kept credentials must have left"],
  ["--fresh", "use nothing kept from before; keep what comes"],
  ["--no-cache", "use nothing kept, and keep nothing"],
];
export const GLOBAL_OPTIONS: readonly Option[] = [
  ["--debug", "tell on stderr what happens; never a secret"],
  ["--quiet", "no warnings"],
  ["--no-color", "no colour"],
];

export const COMMANDS: readonly Entry[] = [
  {
    name: "exec",
    summary: "run a command as the role",
    arguments: [PROFILE],
    runsCommand: true,
    options: [
      PICK,
      ["--renew", "renew the credentials while the command runs"],
      ["--no-renew", "do not, whatever the profile's xrole_renew says", "hidden"],
    ],
    roleOptions: ROLE_OPTIONS,
    examples: [
      ["xrole exec b-s3 -- aws s3 ls", "one command"],
      ["xrole exec b-s3 --renew -- terraform apply", "for longer than credentials live"],
    ],
    load: () => import("./commands/exec.ts"),
  },
  {
    name: "env",
    summary: "print what a shell evaluates to hold the role",
    arguments: [PROFILE],
    roleOptions: ROLE_OPTIONS,
    options: [
      PICK,
      ["--format <form>", "as", FORMATS],
      ["--unset", "print what a shell evaluates to let go of the role"],
    ],
    examples: [
      ["eval $(xrole env b-s3)", "hold the role; on failure eval returns xrole's status"],
      ["eval $(xrole env --unset)", "let go of it"],
    ],
    load: () => import("./commands/env.ts"),
  },
  {
    name: "credential-process",
    summary: "print JSON for `credential_process =` in a profile",
    arguments: [PROFILE],
    options: [],
    roleOptions: ROLE_OPTIONS,
    examples: [["credential_process = xrole credential-process b-s3", "in ~/.aws/config"]],
    load: () => import("./commands/credential-process.ts"),
  },
  {
    name: "list",
    summary: "list the profiles, and the role and source behind each",
    arguments: [["[pattern]", "part of a name, or a pattern with * and ?"]],
    options: [JSON_OPTION],
    examples: [["xrole list 'prod-*'", "the profiles whose names start with prod-"]],
    load: () => import("./commands/list.ts"),
  },
  {
    name: "explain",
    summary: "show the chain and where each setting comes from; asks nobody",
    arguments: [PROFILE],
    options: [JSON_OPTION],
    roleOptions: ROLE_OPTIONS,
    examples: [["xrole explain b-s3", "source, hops, region and endpoint"]],
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "whoami",
    summary: "ask STS who the credentials are",
    arguments: [PROFILE],
    options: [PICK, JSON_OPTION],
    roleOptions: ROLE_OPTIONS,
    examples: [
      ["xrole whoami b-s3", "account, ARN, expiry and hops of a profile"],
      ["xrole whoami", "who this shell is now"],
    ],
    load: () => import("./commands/whoami.ts"),
  },
  {
    name: "status",
    summary: "what this shell holds and how long it lives; asks nobody",
    arguments: [],
    options: [["--prompt", "a few characters for a shell's prompt; none when nothing is held"], JSON_OPTION],
    examples: [
      ["xrole status", "profile, account, role and expiry"],
      ["xrole status --prompt", "such as `b-s3 42m`"],
    ],
    load: () => import("./commands/status.ts"),
  },
  {
    name: "serve",
    summary: "a loopback credential endpoint for containers, IDEs and daemons",
    arguments: [["[profile...]", "each has a path and a token of its own"]],
    roleOptions: ROLE_OPTIONS,
    options: [
      ["--print <form>", "what a consumer sets, as sh, docker or json"],
      ["--port <number>", "instead of a free one"],
      ["--host <address>", "127.0.0.1, or ::1"],
      ["--directory <folder>", "keep tokens there, for the next start"],
    ],
    examples: [
      ["xrole serve b-s3 > vars &", "elsewhere: . ./vars"],
      ["xrole serve b-s3 --port 9911 --directory d", "as a service"],
    ],
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "configure",
    summary: "add or change one profile in the config file",
    arguments: [["<profile>", "its name; it is added when it is not there"]],
    options: [
      ["--role-arn <arn>", 'role to assume; "" as the value of an option takes the setting away'],
      ["--source-profile <name>", "profile whose credentials assume it; replaces credential_source"],
      ["--credential-source <name>", "Ec2InstanceMetadata, EcsContainer or Environment; replaces source_profile"],
      ["--region <name>", "region of STS and of commands"],
      ["--session-name <name>", "role_session_name"],
      ["--duration <time>", "duration_seconds: 3600, 45m, 1h"],
      ["--external-id <id>", "external_id"],
      ["--mfa-serial <arn>", "mfa_serial"],
      ["--mfa-process <command>", "mfa_process"],
      ["--source-identity <name>", "source_identity"],
      ["--tag <key=value>", "a tag of session_tags; may be repeated", "repeatable"],
      ["--transitive-tag <key>", "a key of transitive_session_tags; may be repeated", "repeatable"],
      ["--web-identity-token-file <file>", "web_identity_token_file"],
      ["--credential-process <command>", "credential_process"],
      ["--sso-session <name>", "sso_session"],
      ["--endpoint-url <url>", "endpoint_url"],
      ["--set <key=value>", "any other setting that xrole reads; may be repeated", "repeatable"],
      ["--dry-run", "print the difference, and write nothing"],
    ],
    examples: [
      [
        "xrole configure b-s3 --role-arn arn:aws:iam::222222222222:role/role-b-s3 --credential-source EcsContainer",
        "without them, it asks",
      ],
      ['xrole configure b-s3 --external-id "" --dry-run', "what taking the external id away would change"],
    ],
    load: () => import("./commands/configure.ts"),
  },
  {
    name: "setup",
    summary: "print the policies that let a role of one account assume one of another",
    arguments: [["<profile>", "the profile that will use it; what it says already need not be said again"]],
    options: [
      ["--from-role <arn>", "the role that the host has, in account A"],
      ["--role-arn <arn>", "the role to make, in account B"],
      ["--s3-bucket <name[:write]>", "bucket it may read, or read and write; may be repeated", "repeatable"],
      ["--policy-arn <arn>", "managed policy it gets; may be repeated", "repeatable"],
      ["--policy <file>", "policy (JSON) it gets"],
      ["--external-id <id>", "word that the caller must give (sts:ExternalId)"],
      ["--org-id <id>", "organization that the caller must be of (aws:PrincipalOrgID)"],
      ["--allow-tags", "sessions may have tags, as those of EKS Pod Identity do"],
      ["--allow-source-identity", "sessions may have a source identity"],
      ["--credential-source <name>", "of the profile; without it, Ec2InstanceMetadata"],
      ["--source-profile <name>", "of the profile, instead of a credential source"],
      ["--region <name>", "of the profile"],
      ["--format <format>", "text, json, cli (a script), cloudformation or terraform"],
    ],
    examples: [
      [
        "xrole setup b-s3 --from-role arn:aws:iam::111111111111:role/app-host \\\n" +
          "    --role-arn arn:aws:iam::222222222222:role/role-b-s3 --s3-bucket b-s3-bucket",
        "explained, in the order to do it",
      ],
      [
        "xrole setup b-s3 --from-role ... --s3-bucket b-s3-bucket:write --format cli > setup.sh",
        "to read, then to run",
      ],
    ],
    load: () => import("./commands/setup.ts"),
  },
  {
    name: "console",
    summary: "a link that signs in to the web console as the role",
    arguments: [PROFILE],
    options: [
      PICK,
      ["--open", "open it in the browser, instead of printing it"],
      ["--print", "print it, with --open too"],
      ["--service <name>", "land on the page of a service, such as s3"],
      ["--destination <url>", "land on this page of the console"],
      ["--session-duration <time>", "life of the console session; not for a role assumed from a role"],
    ],
    roleOptions: ROLE_OPTIONS,
    examples: [
      ["xrole console b-s3 --open --service s3", "the buckets of the role, in the browser"],
      ["xrole console b-s3", "the link; whoever has it is signed in for 15 minutes"],
    ],
    load: () => import("./commands/console.ts"),
  },
  {
    name: "cache",
    summary: "what is kept between calls, and dropping it",
    arguments: [
      ["<list|clear>", "list shows no secrets; clear drops everything, or one profile's"],
      ["[profile]", "the profile whose entries are meant"],
    ],
    options: [JSON_OPTION],
    examples: [
      ["xrole cache list", "profile, role and expiry of each entry"],
      ["xrole cache clear b-s3", "ask AWS again the next time"],
    ],
    load: () => import("./commands/cache.ts"),
  },
  {
    name: "sandbox",
    summary: "a loopback stand-in for EC2 and ECS credentials, STS and S3",
    arguments: [],
    runsCommand: true,
    options: [
      ["--data <file>", "accounts, roles and buckets to play (JSON); without it, the example"],
      [
        "--fault <fault>",
        "throttle, unavailable, slow, denied; instance.slow:2 for another service, twice",
        "repeatable",
      ],
      ["--longest-session <time>", "sessions live this long at most: 65s, to rehearse renewal"],
      ["--clock-offset <time>", "its clock is ahead by 20m, or behind by -1h"],
    ],
    examples: [
      ["xrole sandbox --fault throttle:2 -- xrole env b-s3", "rehearse an STS that throttles twice"],
      ["xrole sandbox -- bash", "a shell inside it: try `xrole exec b-s3 -- aws s3 ls`"],
      ["xrole sandbox", "stay up, and print the exports to use"],
    ],
    load: () => import("./commands/sandbox.ts"),
  },
  {
    name: "completion",
    summary: "print the script by which a shell completes xrole's words",
    arguments: [["<bash|zsh|fish|powershell>", "the shell"]],
    options: [],
    examples: [
      ['eval "$(xrole completion bash)"', "in ~/.bashrc; likewise zsh, in ~/.zshrc after compinit"],
      ["xrole completion fish | source", "in ~/.config/fish/config.fish"],
    ],
    load: () => import("./commands/completion.ts"),
  },
  {
    name: "__complete",
    summary: "answer a completion script",
    arguments: [["<shell>", "the shell"]],
    runsCommand: true,
    isHidden: true,
    options: [],
    examples: [],
    load: async () => {
      const { complete } = await import("./commands/complete.ts");
      return { run: complete({ verbs: COMMANDS, globals: GLOBAL_OPTIONS }) };
    },
  },
];
