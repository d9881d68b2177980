// Every failure a user can meet: its stable code, exit status, wording and hint. Wording lives nowhere else. In the executable the
// table is in a part of its own, which is loaded when the first error is made.
import { shownValue, withoutPasswords, withoutUser } from "./passwords.ts";
import { failureOf } from "./wording.ts";

export { shownValue, withoutPassword, withoutPasswords } from "./passwords.ts";

/** Exit statuses of docs/contract.md (BSD sysexits, which shells and init systems already know). */
export const STATUS = {
  ok: 0,
  usage: 64,
  unavailable: 69,
  software: 70,
  output: 74,
  tryLater: 75,
  refused: 77,
  config: 78,
  /** Ctrl-C at a list: 128 and SIGINT, as shells count. */
  interrupted: 130,
  /** `exec`: xrole itself failed. */
  execFailed: 125,
  /** `exec`: the command cannot be run. */
  cannotRun: 126,
  /** `exec`: the command was not found. */
  notFound: 127,
} as const;

export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly hint?: string | undefined;
}

const config = (message: string, hint?: string): Failure => ({ status: STATUS.config, message, hint });
const usage = (message: string, hint?: string): Failure => ({ status: STATUS.usage, message, hint });
const unavailable = (message: string, hint?: string): Failure => ({ status: STATUS.unavailable, message, hint });
const senseless = (message: string, hint?: string): Failure => ({ status: STATUS.software, message, hint });
const refused = (message: string, hint?: string): Failure => ({ status: STATUS.refused, message, hint });
/** What to do about a reply that is not AWS's. */
const foreignHint = ({ isForeign }: { readonly isForeign?: boolean }): string | undefined =>
  isForeign === true
    ? "open a web page to sign in to this network if it asks for that; else check the proxy variables and the endpoint"
    : undefined;
/** For variables that `serve` or `exec --renew` set, and that have outlived it. */
const endedHint = ({ isOurs }: { readonly isOurs?: boolean }): string | undefined =>
  isOurs === true
    ? "the `xrole serve` or `xrole exec --renew` that set these variables has ended: start it again, after eval $(xrole env --unset)"
    : undefined;
/** A name as a word of a shell. */
const word = (name: string): string => (/^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`);
const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** A section header that defines no profile, and how it would (config/absent-profile.ts). */
interface Header {
  readonly where: string;
  readonly written: string;
  readonly instead: string;
}
export const headerInWords = ({ where, written, instead }: Header): string =>
  `${where} has ${written}, which is not read as a profile; write ${instead}`;

/** A file that is not there, and the variable that names it. */
interface Missing {
  readonly path: string;
  readonly namedBy?: string;
}
const namedFile = ({ path, namedBy }: Missing): string => (namedBy === undefined ? path : `${path} (${namedBy})`);

/** Which files were looked for and are not there; undefined where none is missing. */
export function missingFiles(missing: readonly Missing[]): string | undefined {
  const [first, second] = missing;
  if (!first) return undefined;
  const text = second
    ? `neither ${namedFile(first)} nor ${namedFile(second)} exists`
    : `${namedFile(first)} does not exist`;
  return missing.some(({ path, namedBy }) => namedBy !== undefined && path.includes("$"))
    ? `${text}; xrole expands a leading ~/ in these variables, and no $NAME`
    : text;
}

/** What to do about a profile that is in no file. @param missing the files that are not there */
function notListed(profile: string, missing: readonly Missing[]): string {
  const text = missingFiles(missing);
  if (text === undefined) return "`xrole list` shows the profiles there are";
  // A variable with a wrong path is to be corrected; a file at that path would hide the mistake.
  if (missing.some(({ namedBy }) => namedBy === "AWS_CONFIG_FILE")) return text;
  return `${text}; ${missing.length < 2 ? "`xrole list` shows the profiles there are" : `to write the profile: xrole configure ${word(profile)}`}`;
}

/** @param syntax what a shell alone gives a meaning to, in a command that runs without one (config/parse/shell-syntax.ts) */
const noShell = (syntax: string | undefined): string | undefined =>
  syntax === undefined
    ? undefined
    : `no shell runs this command (the AWS CLI uses none either), so ${syntax} has no meaning; ${
        syntax === "~" ? "write the whole path" : "write it out, or run it by sh -c '...'"
      }`;

/** What to do about a program that could not be started (sources/capture-output.ts). */
function notStarted(command: string, problem: string): string | undefined {
  if (problem === "command not found")
    return command.includes("/")
      ? "install the program there, or correct the path"
      : "install the program, or write its whole path: it is in none of the folders of PATH";
  return problem === "permission denied" ? `make it executable: chmod +x ${word(command)}` : undefined;
}

/** For the path of a setting that a shell would have expanded: botocore opens it unchanged, too. */
const noExpansion = (path: string): string | undefined =>
  /^~|\$[\w{]/.test(path)
    ? "~ and $NAME are not expanded in this path (nor by the AWS CLI); write the whole path"
    : undefined;

/** For a name of AWS's that cannot be resolved: what is wrong with the region in it; undefined where it looks like one. */
function noRegion(endpoint: string, problem: string): string | undefined {
  const [, region = ""] =
    /^https:\/\/(?:sts|portal\.sso|oidc)(?:-fips)?\.([^./]+)\.(?:amazonaws|api)\./.exec(endpoint) ?? [];
  if (problem !== "its name cannot be resolved" || region === "" || /^[a-z]+(-[a-z]+)+-\d+$/.test(region))
    return undefined;
  const [, zoned] = /^(.*-\d+)[a-z]$/.exec(region) ?? [];
  return zoned === undefined
    ? `${region} does not look like a region; they are named as in eu-west-1: correct --region, AWS_REGION or the profile's region`
    : `${region} is an availability zone; its region is ${zoned}: correct --region, AWS_REGION or the profile's region`;
}

/** One entry a failure: what it is told becomes what the user reads. The key is the error's `code`. */
export const FAILURES = {
  // How xrole was called.
  usage: (at: { problem: string; hint?: string }) => usage(at.problem, at.hint),
  "pick-cancelled": (): Failure => ({ status: STATUS.interrupted, message: "no profile was chosen" }),

  "working-folder-gone": () => config("the folder you are in is no longer there", "cd to one that is"),

  // The files.
  "home-missing": () =>
    config(
      "HOME is not set, and this user has no passwd entry that names a home folder",
      "set HOME, or both AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE",
    ),
  "config-syntax": (at: { where: string; problem: string }) => config(`${at.where}: ${at.problem}`),
  "config-unreadable": (at: { file: string; problem: string }) => config(`cannot read ${at.file}: ${at.problem}`),
  "profile-not-found": (at: {
    profile: string;
    close: readonly string[];
    origin?: string;
    header?: Header;
    looked?: { missing: readonly Missing[]; areHidden: boolean };
  }) => {
    const name = `"${at.profile}"${at.origin ? ` (named by ${at.origin})` : ""}`;
    if (at.looked?.areHidden)
      return config(
        `profile ${name} is hidden by --renew or serve: AWS_CONFIG_FILE is a file of xrole's here, with one profile's settings`,
        "start the command with plain `xrole exec`; in a shell, first return to your own files: eval $(xrole env --unset)",
      );
    return config(
      `there is no profile ${name}`,
      at.header
        ? headerInWords(at.header)
        : at.close.length > 0
          ? `did you mean ${list(at.close)}?`
          : notListed(at.profile, at.looked?.missing ?? []),
    );
  },

  "config-unwritable": (at: { file: string; problem: string }): Failure => ({
    status: STATUS.output,
    message: `cannot write ${at.file}: ${at.problem}`,
  }),
  "config-changed": (at: { file: string }): Failure => ({
    status: STATUS.tryLater,
    message: `${at.file} was changed by somebody else meanwhile, and is left as it is`,
    hint: "try again",
  }),
  "setting-shadowed": (at: { where: string; name: string }) =>
    config(`${at.where}: ${at.name} is set there too, and wins over the config file`, "change it there"),

  // The plan.
  "source-not-found": (at: {
    where: string;
    profile: string;
    source: string;
    close: readonly string[];
    header?: Header;
  }) =>
    config(
      `${at.where}: profile "${at.profile}" takes its credentials from "${at.source}" (source_profile), which does not exist`,
      at.header
        ? headerInWords(at.header)
        : at.close.length > 0
          ? `did you mean ${list(at.close)}?`
          : `add [profile ${at.source}] with credentials, or name another profile; \`xrole list\` shows those there are`,
    ),
  "source-empty": (at: { where: string; profile: string; source: string }) =>
    config(
      `${at.where}: profile "${at.profile}" takes its credentials from "${at.source}" (source_profile), which holds none`,
      `give [profile ${at.source}] keys, a role_arn with its source, or a credential_source`,
    ),
  "source-cycle": (at: { where: string; cycle: readonly string[] }) =>
    config(
      `${at.where}: these profiles take their credentials from each other: ${at.cycle.join(" -> ")}`,
      "end the chain in a profile with keys or a credential_source",
    ),
  "chain-too-long": (at: { where: string; profile: string; limit: number }) =>
    config(`${at.where}: the chain of profile "${at.profile}" has more than ${at.limit} profiles`),
  "source-missing": (at: { where: string; profile: string }) =>
    config(
      `${at.where}: profile "${at.profile}" has a role_arn but nothing to assume it with`,
      "add source_profile = NAME, or credential_source = Ec2InstanceMetadata, EcsContainer or Environment",
    ),
  "source-ambiguous": (at: { where: string; profile: string }) =>
    config(
      `${at.where}: profile "${at.profile}" has both source_profile and credential_source`,
      "keep the one that is meant",
    ),
  "credential-source-invalid": (at: { where: string; value: string; suggestion?: string }) =>
    config(
      `${at.where}: credential_source = ${at.value} is not one of Environment, Ec2InstanceMetadata, EcsContainer`,
      at.suggestion ? `write credential_source = ${at.suggestion}` : undefined,
    ),
  "role-missing": (at: { where: string; profile: string; setting: string }) =>
    config(
      at.setting === "credential_source"
        ? `${at.where}: profile "${at.profile}" has a credential_source but no role_arn, so it would hand out the host's own credentials`
        : `${at.where}: profile "${at.profile}" has ${at.setting} but no role_arn, so there is no role to assume`,
      at.setting === "credential_source"
        ? `add role_arn, or use "${at.profile}" as the source_profile of a profile that has one`
        : at.setting === "source_profile"
          ? "add role_arn, or take source_profile out"
          : `add role_arn with source_profile or credential_source, or take ${at.setting} out`,
    ),
  "profile-empty": (at: { where: string; profile: string; origin?: string | undefined }) =>
    config(
      `${at.where}: profile "${at.profile}"${at.origin ? ` (named by ${at.origin})` : ""} holds no credentials and names no source for them`,
      at.origin
        ? `add role_arn with source_profile or credential_source, or unset ${at.origin} to use the container's or the instance's role`
        : "add role_arn with source_profile or credential_source",
    ),
  "web-identity-mixed": (at: { where: string; profile: string; name: string; missing: string }) =>
    config(
      `${at.where}: profile "${at.profile}" has web_identity_token_file, and ${at.name} in the environment says otherwise: it is not clear which role is meant`,
      `unset ${at.name} to use the profile, or set ${at.missing} too to use the environment`,
    ),
  "keys-incomplete": (at: { where: string; profile: string; missing: string }) =>
    config(`${at.where}: profile "${at.profile}" has half a key pair: ${at.missing} is missing from the same file`),
  "setting-invalid": (at: { where: string; name: string; value: string; expected: string; hint?: string }) =>
    config(`${at.where}: ${at.name} = ${shownValue(at.name, at.value)} is not ${at.expected}`, at.hint),
  "setting-missing": (at: { where: string; profile?: string; setting: string; because: string; hint?: string }) =>
    config(
      at.profile === undefined
        ? `${at.where}: ${at.because} is set but ${at.setting} is not`
        : `${at.where}: profile "${at.profile}" has ${at.because} but no ${at.setting}`,
      at.hint,
    ),
  "section-not-found": (at: { where: string; kind: string; name: string; close: readonly string[] }) =>
    config(
      `${at.where}: there is no section [${at.kind} ${at.name}]`,
      at.close.length > 0
        ? `did you mean ${list(at.close)}?`
        : `add the section to the config file, or correct the name`,
    ),
  "endpoint-insecure": (at: { where: string; url: string }) =>
    config(
      `${at.where}: ${at.url} is plain http to another host, and would carry credentials in the clear`,
      "use https, or set XROLE_ALLOW_HTTP=1 if that network is yours alone",
    ),
  "credentials-nowhere": () =>
    config(
      "there are no credentials: none in the environment, the profile or the container, and AWS_EC2_METADATA_DISABLED forbids asking the instance",
      "name a profile; `xrole list` shows them",
    ),
  "option-without-hop": (at: { option: string; profile: string }) =>
    usage(`${at.option} changes a role, and profile "${at.profile}" assumes none`),
  "policy-unreadable": (at: { file: string; problem: string }) => config(`--policy ${at.file}: ${at.problem}`),
  "process-recursion": (at: { cycle: readonly string[] }) =>
    config(
      `a credential_process asks xrole for the profile it belongs to: ${at.cycle.join(" -> ")}`,
      "a profile whose credential_process runs xrole must name another profile there",
    ),

  // The sources.
  "environment-empty": (at: { where: string }) =>
    config(
      `${at.where}: the source is the environment, which holds no keys`,
      "export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
    ),
  "environment-incomplete": () =>
    config("AWS_ACCESS_KEY_ID is set but AWS_SECRET_ACCESS_KEY is not", "set both, or unset both"),
  "environment-expiration": (at: { value: string }) =>
    config(
      `AWS_CREDENTIAL_EXPIRATION = ${at.value} is not a timestamp`,
      "unset it, or give a time such as 2026-01-01T00:00:00Z",
    ),
  "credentials-malformed": (at: { where: string; name: string; problem: string }) =>
    config(
      `${at.where}: ${at.name} ${at.problem}, which no key or token of AWS's does`,
      "copy it again, without line breaks and with plain letters and digits only",
    ),
  "credentials-expired": (at: { origin: string; expiration: string; hint: string }) =>
    refused(`the credentials in ${at.origin} expired at ${at.expiration}`, at.hint),
  "instance-disabled": () =>
    config(
      "the source is the instance, but AWS_EC2_METADATA_DISABLED=true forbids asking it",
      "unset AWS_EC2_METADATA_DISABLED",
    ),
  "instance-unreachable": (at: { endpoint: string; problem: string; hint?: string }) =>
    unavailable(`the instance metadata service at ${at.endpoint} could not be reached: ${at.problem}`, at.hint),
  "instance-refused": (at: { endpoint: string; status: number; detail: string; hint?: string }) =>
    unavailable(
      `the instance metadata service at ${at.endpoint} answered ${String(at.status)}${at.detail === "" ? "" : `: ${at.detail}`}`,
      at.hint,
    ),
  "instance-role-missing": (at: { isListEmpty?: boolean; role?: string }) =>
    at.role !== undefined
      ? unavailable(
          `the instance metadata service lists the role ${at.role}, but has no credentials of it (404)`,
          "the instance profile may have been replaced just now: try again in a minute",
        )
      : unavailable(
          at.isListEmpty === true
            ? "the instance metadata service gave a token, but its list of roles is empty"
            : "this instance has no role",
          "attach an instance profile: aws ec2 associate-iam-instance-profile --instance-id ... --iam-instance-profile Name=..." +
            (at.isListEmpty === true ? "; where a proxy such as kube2iam answers, give the pod a role there" : ""),
        ),
  "instance-role-refused": (at: { detail: string }) =>
    refused(
      `the instance's role gave no credentials: ${at.detail}`,
      "the role's trust policy must allow ec2.amazonaws.com to assume it",
    ),
  "container-role-refused": (at: { detail: string }) =>
    refused(
      `the container's role gave no credentials: ${at.detail}`,
      "check the role of the ECS task or of the pod; its trust policy must allow ecs-tasks.amazonaws.com (ECS) or pods.eks.amazonaws.com (EKS)",
    ),
  "instance-reply": (at: { endpoint: string; problem: string }) =>
    senseless(`the instance metadata service at ${at.endpoint} sent a reply that makes no sense: ${at.problem}`),
  "container-unset": (at: { where: string }) =>
    config(
      `${at.where}: the source is the container, but neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set`,
      "ECS sets them for a task with a task role, EKS for a pod with Pod Identity",
    ),
  "container-uri": (at: { name: string; value: string; problem: string; hint?: string }) =>
    config(`${at.name} = ${withoutUser(at.value)} ${at.problem}`, at.hint),
  "container-token": (at: { name: string; problem: string; isOurs?: boolean }) =>
    config(`${at.name}: ${at.problem}`, endedHint(at)),
  "container-unreachable": (at: { endpoint: string; problem: string; isOurs?: boolean }) =>
    unavailable(
      `the container credential endpoint at ${at.endpoint} could not be reached: ${at.problem}`,
      endedHint(at),
    ),
  "container-refused": (at: { endpoint: string; status: number; detail: string; hint?: string }) =>
    at.status === 429 || at.status >= 500
      ? {
          status: STATUS.tryLater,
          message: `the container credential endpoint at ${at.endpoint} answered ${String(at.status)}${at.detail}`,
          hint: "trying later may help",
        }
      : refused(
          `the container credential endpoint at ${at.endpoint} refused: ${String(at.status)}${at.detail}`,
          at.hint ?? "check the task role, and AWS_CONTAINER_AUTHORIZATION_TOKEN or its file",
        ),
  "container-reply": (at: { endpoint: string; problem: string }) =>
    senseless(`the container credential endpoint at ${at.endpoint} sent a reply that makes no sense: ${at.problem}`),
  "process-failed": (at: { where: string; command: string; problem: string; syntax?: string | undefined }) =>
    config(
      `${at.where}: ${`credential_process ${at.command}`.trimEnd()}: ${at.problem}`,
      noShell(at.syntax) ?? notStarted(at.command, at.problem),
    ),
  "process-reply": (at: { where: string; command: string; problem: string; syntax?: string | undefined }) =>
    senseless(`${at.where}: credential_process ${at.command}: ${at.problem}`, noShell(at.syntax)),
  "sso-login-needed": (at: { where: string; problem: string; profile: string }) =>
    refused(`${at.where}: ${at.problem}`, `aws sso login --profile ${word(at.profile)}`),
  "sso-refused": (at: { where: string; role: string; account: string; detail: string }) =>
    refused(
      `${at.where}: SSO does not give the role ${at.role} in account ${at.account}`,
      `AWS says: ${at.detail || "nothing"}; check sso_role_name, sso_account_id and what you are assigned to`,
    ),
  "sso-failed": (at: { endpoint: string; status: number; detail: string }): Failure => ({
    status: STATUS.tryLater,
    message: `${at.endpoint} is throttling or out of order: ${`${String(at.status)} ${at.detail}`.trim()}`,
    hint: "trying later may help",
  }),
  "sso-reply": (at: { endpoint: string; problem: string; isForeign?: boolean }) =>
    senseless(`${at.endpoint} sent a reply that makes no sense: ${at.problem}`, foreignHint(at)),
  "login-unreadable": (at: { file: string; problem: string }) =>
    config(`cannot read the login in ${at.file}: ${at.problem}`, "the AWS CLI writes a regular file there"),
  "login-failed": (at: { endpoint: string; status: number; detail: string }): Failure => ({
    status: STATUS.tryLater,
    message: `AWS Sign-In at ${at.endpoint} is throttling or out of order: ${`${String(at.status)} ${at.detail}`.trim()}`,
    hint: "try again later",
  }),
  "login-reply": (at: { endpoint: string; problem: string; isForeign?: boolean }) =>
    senseless(`${at.endpoint} sent a reply that makes no sense: ${at.problem}`, foreignHint(at)),
  "login-needed": (at: { where: string; problem: string; profile: string }) =>
    refused(`${at.where}: ${at.problem}`, `aws login --profile ${word(at.profile)}`),
  "mfa-needed": (at: { where: string; serial: string; isProgram?: boolean }) =>
    refused(
      `${at.where}: an MFA code of ${at.serial} is needed, and there is ${at.isProgram ? "nobody to ask" : "no terminal to ask on"}`,
      at.isProgram
        ? "give mfaCodeProvider or mfaCode, or let mfa_process print it"
        : "give it with --mfa-code, let mfa_process print it, or spend one code on a longer session (--mfa-session)",
    ),
  "mfa-refused": (at: { serial: string; detail: string; isMistyped: boolean }) =>
    refused(
      `AWS refused the MFA code of ${at.serial}`,
      at.isMistyped
        ? "a code works once: wait for the next one, and check this machine's and the device's clock"
        : `AWS says: ${at.detail}`,
    ),
  "mfa-process": (at: { where: string; command: string; problem: string; syntax?: string | undefined }) =>
    config(
      `${at.where}: ${`mfa_process ${at.command}`.trimEnd()}: ${at.problem}`,
      noShell(at.syntax) ?? notStarted(at.command, at.problem),
    ),
  "mfa-serial-missing": () =>
    config(
      "an MFA code is of no use: no mfa_serial says whose it is",
      "set mfa_serial in the profile, or give --mfa-serial",
    ),
  "mfa-without-keys": () =>
    config(
      "an MFA session needs a user's own keys, and this chain starts from a session already",
      "leave --mfa-session or xrole_mfa_session out",
    ),
  "account-unexpected": (at: { expected: string; actual: string }) =>
    config(
      `this leads to account ${at.actual}, not to ${at.expected} as expected`,
      "check the profile and its role_arn (`xrole explain` shows the line), or --expect-account",
    ),

  // The AssumeRole call.
  /** @param at.profile the profile whose role was refused; absent where none names it */
  "access-denied": (at: { caller: string; role: string; detail: string; profile?: string | undefined }) =>
    refused(
      `AWS refused: ${at.caller} may not assume ${at.role}`,
      `AWS says: ${at.detail}; to find out why: ` +
        (at.profile
          ? `xrole doctor ${word(at.profile)}, with the same options`
          : "xrole doctor, with the same profile and options"),
    ),
  "credentials-invalid": (at: { caller: string; code: string; detail: string }) =>
    refused(
      `AWS does not accept the credentials of ${at.caller} (${at.code})`,
      `AWS says: ${at.detail}` +
        (at.code.startsWith("InvalidClientTokenId")
          ? "; a region that is not enabled in the account (an opt-in region) answers so too: try --region us-east-1"
          : ""),
    ),
  "identity-provider-away": (at: { role: string; code: string; detail: string }): Failure => ({
    status: STATUS.tryLater,
    message: `AWS could not check the web identity token for ${at.role} (${at.code}): it did not get the identity provider's keys`,
    hint: `try again later; if it stays, AWS cannot reach the provider's issuer URL. AWS says: ${at.detail}`,
  }),
  "token-expired": (at: { caller: string; code: string; detail: string }) =>
    refused(
      `AWS says that the credentials of ${at.caller} have expired (${at.code})`,
      `renew them where they come from; AWS says: ${at.detail}`,
    ),
  "sts-refused": (at: { role: string; code: string; detail: string }) =>
    refused(`AWS refused the call for ${at.role} (${at.code})`, `AWS says: ${at.detail}`),
  "duration-refused": (at: { role: string; seconds: number }) =>
    refused(
      `the longest session of ${at.role} is shorter than the ${String(at.seconds)} s asked for`,
      "ask for less (duration_seconds, --duration), or let the role's account allow more: " +
        `aws iam update-role --role-name ${at.role.split("/").at(-1) ?? ""} --max-session-duration ${String(at.seconds)}`,
    ),
  "web-identity-token": (at: { where: string; file: string; problem: string }) =>
    config(
      `${at.where}: the web identity token file ${at.file}: ${at.problem}`,
      noExpansion(at.file) ??
        "EKS mounts it in pods whose service account has a role; in CI a step of the job writes it",
    ),
  "ca-bundle": (at: { where: string; file: string; problem: string }) =>
    config(
      `${at.where}: the CA bundle ${at.file}: ${at.problem}`,
      noExpansion(at.file) ?? "give a file of certificates in PEM form",
    ),
  "proxy-invalid": (at: { name: string }) =>
    config(
      `${at.name} is not the URL of an http or https proxy`,
      "write it as http://proxy.example.com:3128; in a user or password, write / ? # and @ percent-encoded (%2F %3F %23 %40)",
    ),
  "proxy-refused": (at: { proxy: string; endpoint: string; status?: number; problem: string }) =>
    unavailable(
      `the proxy ${at.proxy} does not connect to ${at.endpoint}: ${at.problem}`,
      at.status === 407
        ? "it wants a user and a password: write them into the proxy variable, as in http://user:password@proxy.example.com:3128"
        : at.status !== undefined && at.status >= 500
          ? "it may not reach that host: try again later, check the region and the endpoint, or ask whoever runs the proxy"
          : "its rules may forbid that host: ask whoever runs the proxy, or name the host in no_proxy to go past it",
    ),
  /** @param at.isThrottled whether the reply holds AWS's own throttling code, so that it is no fault of the way there */
  "sts-throttled": (at: { endpoint: string; detail: string; isThrottled?: boolean }): Failure => ({
    status: STATUS.tryLater,
    message: `${at.endpoint} is throttling or out of order: ${at.detail}`,
    hint: "trying later may help",
  }),
  "sts-timeout": (at: { endpoint: string }): Failure => ({
    status: STATUS.tryLater,
    message: `${at.endpoint} did not answer in time`,
    hint: "trying later may help",
  }),
  "sts-unreachable": (at: { endpoint: string; problem: string; proxy?: string | undefined }) =>
    unavailable(
      `${at.endpoint} could not be reached${at.proxy === undefined ? "" : `, by way of the proxy ${at.proxy}`}: ${at.problem}`,
      at.problem.includes("certificate")
        ? "where a proxy breaks TLS open, name its authority with ca_bundle or AWS_CA_BUNDLE"
        : (noRegion(at.endpoint, at.problem) ?? "check the network, the region, the endpoint and the proxy variables"),
    ),
  "sts-reply": (at: { endpoint: string; problem: string; isForeign?: boolean }) =>
    senseless(`${at.endpoint} sent a reply that makes no sense: ${at.problem}`, foreignHint(at)),

  // The console.
  "console-unknown": (at: { region: string; partition: string }) =>
    config(
      `where the console of ${at.region} (partition ${at.partition}) is signed in to is not documented`,
      "sign in as your organisation does; `xrole exec` and `xrole env` work there",
    ),
  "console-duration": (at: { role: string }) =>
    usage(
      `--session-duration is not for ${at.role}: it is assumed from a role, and AWS ends its console session with its credentials`,
      "leave --session-duration out",
    ),
  "console-needs-role": (at: { accessKeyId: string }) =>
    config(
      `the keys ${at.accessKeyId} are a user's own, and AWS opens the console to temporary credentials only`,
      "name a profile with a role_arn, or give --role-arn",
    ),
  "console-refused": (at: { endpoint: string; status: number; hasDuration: boolean }) =>
    refused(
      `AWS sign-in at ${at.endpoint} does not take the credentials (${String(at.status)})`,
      at.hasDuration
        ? "leave --session-duration out: a role that was assumed from a role has none of its own"
        : "they may have been revoked, or are a user's session: --fresh asks for others",
    ),
  "console-failed": (at: { endpoint: string; status: number }): Failure => ({
    status: STATUS.tryLater,
    message: `AWS sign-in at ${at.endpoint} is throttling or out of order: ${String(at.status)}`,
    hint: "trying later may help",
  }),
  "console-reply": (at: { endpoint: string; problem: string; isForeign?: boolean }) =>
    senseless(`${at.endpoint} sent a reply that makes no sense: ${at.problem}`, foreignHint(at)),
  "browser-missing": (at: { command: string; problem: string }) =>
    unavailable(`the browser cannot be opened: ${at.command}: ${at.problem}`, "leave --open out, and open the link"),

  // The child, and the output.
  "command-not-found": (at: { command: string }): Failure => ({
    status: STATUS.notFound,
    message: `${at.command}: command not found`,
  }),
  "command-not-runnable": (at: { command: string; problem: string }): Failure => ({
    status: STATUS.cannotRun,
    message: `${at.command}: ${at.problem}`,
  }),
  "output-failed": (at: { problem: string }): Failure => ({
    status: STATUS.output,
    message: `the output could not be written: ${at.problem}`,
  }),

  // The endpoint.
  "listen-failed": (at: { address: string; problem: string }) =>
    config(`cannot listen on ${at.address}: ${at.problem}`, "leave --port out, or give a free one above 1023"),
  "folder-unusable": (at: { folder: string; problem: string }) =>
    config(`${at.folder} cannot hold the token: ${at.problem}`, "name a folder that only you may enter (chmod 700)"),
  "not-servable": (at: { profile: string }) =>
    config(
      `the credentials of profile "${at.profile}" do not expire, and SDKs take only expiring ones from an endpoint`,
      "serve a profile with a role",
    ),
  "session-too-short": (at: { seconds: number }) =>
    refused(
      `the credentials live less than ${String(at.seconds)} s, which is too little to hand out`,
      "renew where they come from, or ask for a longer session",
    ),

  // The forms of env.
  "value-unfit": (at: { name: string; format: string }) =>
    config(
      `${at.name} holds a character that --format ${at.format} cannot carry safely`,
      "xrole exec hands any value to its command",
    ),
  "variable-stays": (at: { names: readonly string[]; where: "github" | "fish" }) =>
    at.where === "github"
      ? config(
          `GITHUB_ENV cannot remove what would win over the role: ${at.names.join(", ")}`,
          "set it in those steps alone that need it, or use xrole exec",
        )
      : config(
          `a universal variable would win over the role, and is yours to erase: ${at.names.join(", ")}`,
          "set -eU NAME, or use xrole exec",
        ),

  "settings-invalid": (at: { file: string; problem: string }) => config(`${at.file}: ${at.problem}`),

  // The sandbox.
  "sandbox-data": (at: { file: string; problem: string }) => config(`${at.file}: ${at.problem}`),
  "sandbox-setup": (at: { path: string; problem: string }) =>
    config(
      `the sandbox cannot be set up: ${at.path}: ${at.problem}`,
      "it needs a temporary folder that can be written to; TMPDIR names another",
    ),

  internal: (at: { problem: string }) =>
    senseless(`a fault of xrole's own: ${at.problem}`, "please report it, with the output of --debug"),
} satisfies Record<string, (at: never) => Failure>;

export type ErrorCode = keyof typeof FAILURES;

/** A code with what its message needs to be told. */
type Telling = {
  [C in ErrorCode]: [
    code: C,
    details: Parameters<(typeof FAILURES)[C]> extends [infer D] ? D : Record<string, never>,
    options?: { cause: unknown },
  ];
}[ErrorCode];

/** A failure a user can meet: `code` is stable, `status` is the exit status, `hint` says what to do. */
export class XroleError extends Error {
  /** The bundle has this file twice, for the path that scripts call in a loop and for the rest: both make the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "XroleError";
  }

  readonly code: ErrorCode;
  /** What the message was made of. */
  readonly details: unknown;
  readonly status: number;
  readonly hint: string | undefined;
  /** Whether the hint names such lines already. */
  readonly isNaming: boolean = false;

  constructor(...[code, details, options]: Telling) {
    const told = withoutPasswords(details);
    const failure = failureOf(code, told);
    super(failure.message, options);
    this.name = "XroleError";
    this.code = code;
    this.details = told;
    this.status = failure.status;
    this.hint = failure.hint;
  }
}

/** Failures by something that is not there: a line that was meant to be it is all there is to say. */
const ABSENT: readonly ErrorCode[] = [
  ...(["profile-empty", "role-missing", "source-missing", "source-empty", "source-not-found"] as const),
  ...(["setting-missing", "keys-incomplete", "credentials-nowhere"] as const),
];

/** A line that was meant as a setting and is not one (config/lost-settings.ts). */
interface Lost {
  readonly written: string;
  readonly meant: string;
  readonly from: string;
  readonly above?: { readonly name: string; readonly line: number };
}

const lostInWords = ({ written, meant, from, above }: Lost): string =>
  above
    ? `${from}: ${written} is indented, so it is part of ${above.name} in line ${String(above.line)}; remove the blanks before it`
    : `${from}: ${written} is not a setting that is read; write ${meant}`;

/** The same failure, with the lines in its hint that may be what is behind it. */
export function withLost(error: XroleError, lost: readonly Lost[]): XroleError {
  const rest = error.hint !== undefined && !ABSENT.includes(error.code) ? [error.hint] : [];
  const hint = [...lost.slice(0, 3).map(lostInWords), ...rest].join("; ");
  const again = new XroleError(...([error.code, error.details, { cause: error.cause }] as unknown as Telling));
  return Object.assign(again, { hint, isNaming: true });
}
