// The text of the manual page that is not in the command table. Text between `...` is to be typed (roff.ts).
import { VARIABLES_OF_SETTINGS } from "../../config/setting-variables.ts";
import type { STATUS } from "../../errors/status.ts";

export type Tagged = readonly (readonly [tags: readonly string[], text: string])[];

export const NAME = "cross AWS accounts: run a command with the role of another one";

export const DESCRIPTION = [
  "xrole goes from a profile of `~/.aws/config` to a command, a shell or an SDK that holds the profile's role. It reads the files as the AWS CLI does, takes its first credentials from the source that the profile names (the EC2 instance, the container, the environment, keys, a web identity token, IAM Identity Center, `aws login` or a process), calls `sts:AssumeRole` once or along a chain, and keeps the answer until shortly before it ends.",
  "The profile is the argument, else `AWS_PROFILE`, `AWS_DEFAULT_PROFILE` or `default`. A profile that was named and does not exist is an error, and so is a source that yields nothing: there is no falling back to the host's own credentials. Without a profile argument, xrole takes the first that is there: keys in the environment, the profile of `AWS_PROFILE` (or `default`, if it holds credentials), web identity from the environment, the container, the instance.",
  "The words after the first `--` are the command, as they stand. Without `--`, the command begins with the second word that is no option. It is never run through a shell.",
  "Results are on stdout; everything for people is on stderr. No secret is ever printed on stderr.",
] as const;

export const ROLE_OPTIONS = [
  "They change the last role of a chain, before the settings of its profile. On a chain without a role they are wrong usage, but those that a web identity's own call has.",
] as const;

export const EXIT_STATUS = {
  ok: "done",
  usage: "wrong usage",
  unavailable: "the instance, container or STS endpoint could not be reached; the instance has no role",
  software: "a reply that makes no sense, or a fault of xrole's own",
  output: "output could not be written",
  tryLater: "throttled or timed out; trying later may help",
  refused: "AWS refused; credentials or a login have expired; an MFA code is needed, but there is no terminal",
  config: "the configuration is wrong or unreadable, or leads to an unexpected account",
  interrupted: "`--pick`: no profile was chosen",
  execFailed: "`exec`: xrole itself failed; the line on stderr ends with the status of this list that it would be",
  cannotRun: "`exec`: the command cannot be run",
  notFound: "`exec`: the command was not found",
} as const satisfies Record<keyof typeof STATUS, string>;

export const EXIT_NOTES = [
  "`exec` ends as its command does, by the same signal too. When `env` fails, `eval` of its output returns the status, so that a script under `set -e` stops instead of going on as somebody else.",
] as const;

export const FILES: Tagged = [
  [["~/.aws/config", "~/.aws/credentials"], "the profiles, as the AWS CLI has them"],
  [
    ["~/.config/xrole/config", "/etc/xrole/config"],
    "xrole's own settings; the second is stronger. `cache = off` keeps nothing, `cache = runtime` keeps credentials in memory or not at all, `cache = file` on disk.",
  ],
  [
    ["$XDG_RUNTIME_DIR/xrole", "~/.cache/xrole"],
    "what is kept between calls, for its owner alone: the first where that folder is there (it is in memory, and gone at logout), else the second; on macOS `~/Library/Caches/xrole`, on Windows `%LOCALAPPDATA%\\xrole\\Cache`",
  ],
  [["~/.aws/sso/cache", "~/.aws/login/cache"], "the logins that `aws sso login` and `aws login` keep"],
];

export const ENVIRONMENT: Tagged = [
  [["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], "the profile, where no argument names one"],
  [["AWS_REGION", "AWS_DEFAULT_REGION"], "the region, before the profile's"],
  [["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"], "the files, instead of those in `~/.aws`"],
  [
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CREDENTIAL_EXPIRATION", "AWS_ACCOUNT_ID"],
    "keys, for `credential_source = Environment` and where no profile is named; `AWS_SECURITY_TOKEN` is the older name of the token",
  ],
  [
    ["AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"],
    "a role and the token it is assumed with, where no profile is named; EKS sets them for a service account with a role",
  ],
  [["AWS_ROLE_SESSION_NAME"], "the name of the session, where the profile has none"],
  [
    ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
    "where ECS or EKS Pod Identity gives the container's credentials; they set it themselves",
  ],
  [
    ["AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"],
    "what the container asks with; the file wins, and is read again each time",
  ],
  [
    ["AWS_EC2_METADATA_SERVICE_ENDPOINT", "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"],
    "where the instance metadata service is; the mode is `IPv4` or `IPv6`",
  ],
  [["AWS_EC2_METADATA_DISABLED"], "`true`: never ask the instance"],
  [
    ["AWS_METADATA_SERVICE_TIMEOUT", "AWS_METADATA_SERVICE_NUM_ATTEMPTS"],
    "seconds to wait for the instance, and how often to ask it, before the profile's `metadata_service_timeout` and `metadata_service_num_attempts`",
  ],
  [
    [
      "AWS_ENDPOINT_URL_STS",
      "AWS_ENDPOINT_URL_SSO",
      "AWS_ENDPOINT_URL_SSO_OIDC",
      "AWS_ENDPOINT_URL_SIGNIN",
      "AWS_ENDPOINT_URL",
    ],
    "another endpoint of a service, or of all, before the profile's",
  ],
  [["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"], "`true`: none of the endpoints above, nor the profile's"],
  [["AWS_USE_FIPS_ENDPOINT", "AWS_USE_DUALSTACK_ENDPOINT"], "`true`: AWS's own endpoints of that kind"],
  [["AWS_CA_BUNDLE"], "a file of certificates (PEM) to trust instead of the usual ones"],
  [
    ["https_proxy", "http_proxy", "no_proxy"],
    "the proxy to STS, IAM Identity Center and sign-in, and the hosts that are asked without it, also in upper case; never for the instance, the container or this machine",
  ],
  [["AWS_LOGIN_CACHE_DIRECTORY"], "where `aws login` keeps its logins, instead of `~/.aws/login/cache`"],
  [["GITHUB_ACTIONS", "GITHUB_ENV"], "the job of GitHub Actions, for `env --format github`"],
  [["XROLE_CACHE_DIR"], "what is kept between calls goes into this folder; `XDG_CACHE_HOME` moves that on disk"],
  [["XDG_CONFIG_HOME"], "where `xrole/config` is, instead of `~/.config`"],
  [["XROLE_ALLOW_HTTP"], "`1`: send requests in plain http to other hosts too, with a warning"],
  [["NO_COLOR"], "no colour, as with `--no-color`"],
];

const settingNames = VARIABLES_OF_SETTINGS.flatMap(({ names }) => names)
  .map((name) => `\`${name}\``)
  .join(", ");

/** The changes that `exec` and `env` make to an environment. */
export const GIVEN = [
  `\`exec\` gives its command, and \`env\` the shell, the keys and the account id above, the region under both its names, and what the profile sets of these: ${settingNames}, and \`AWS_ENDPOINT_URL_<SERVICE>\` for each service of the profile's \`services\` section. What could win over the role is removed: the names of profiles, the sources of containers and web identity, \`AWS_SECURITY_TOKEN\`, \`AWS_BEARER_TOKEN_BEDROCK\`, \`AWS_ACCESS_KEY\`, \`AWS_SECRET_KEY\`, \`AWS_CREDENTIAL_FILE\`, and the variables of other tools: \`AMAZON_ACCESS_KEY_ID\`, \`EC2_ACCESS_KEY\`, \`AWSACCESSKEYID\` and what goes with each.`,
  "`exec --renew` and `serve` give an endpoint in place of keys, and set `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE`, `AWS_CREDENTIAL_PROFILES_FILE`, `CPL_AWS_CREDENTIALS_FILE`, `BOTO_CONFIG`, `AWS_SDK_LOAD_CONFIG` and `AWS_EC2_METADATA_DISABLED` so that SDKs use nothing else.",
] as const;

export const GIVEN_VARIABLES: Tagged = [
  [
    ["XROLE_PROFILE"],
    "the profile, or the role and its account (`NAME@ACCOUNT`) where no profile was named, for you to read",
  ],
  [
    ["XROLE_REGION", "XROLE_SETTINGS", "XROLE_SESSION", "XROLE_ENDPOINT"],
    "what xrole itself set, by which the next xrole knows it again",
  ],
  [
    ["XROLE_HOST_*", "XROLE_HOST_AWS_REGION"],
    "what `env` removed or `serve` replaced, and your own region as you wrote it if it was a FIPS pseudo-region; `env --unset` puts them back",
  ],
  [["XROLE_RESOLVING"], "in a `credential_process`: the profiles it is asked for, so that it cannot ask for itself"],
];

export const SEE_ALSO = [
  "The pages in the folder `docs` of the package, from `docs/README.md` on, and the AWS SDKs and Tools Reference Guide, https://docs.aws.amazon.com/sdkref/latest/guide/.",
] as const;
