// The role chain: how profiles take their credentials from each other, found before any network call.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";
import { didYouMean, headerInWords, type Header } from "../words.ts";

const ADD_ROLE = "add role_arn with source_profile or credential_source";
const isHost = ({ setting }: { readonly setting: string }): boolean => setting === "credential_source";

export const CHAIN = {
  "source-not-found": row<{
    where: string;
    profile: string;
    source: string;
    close: readonly string[];
    header?: Header;
  }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: profile "${at.profile}" takes its credentials from "${at.source}" (source_profile), which does not exist`,
    hint: (at) =>
      at.header
        ? headerInWords(at.header)
        : (didYouMean(at.close) ??
          `add [profile ${at.source}] with credentials, or name another profile; \`xrole list\` shows those there are`),
    when: "`source_profile` names a profile that does not exist",
    fix: "add that profile, or name another one; `xrole list` shows the profiles there are",
  }),
  "source-empty": row<{ where: string; profile: string; source: string }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: profile "${at.profile}" takes its credentials from "${at.source}" (source_profile), which holds none`,
    hint: (at) => `give [profile ${at.source}] keys, a role_arn with its source, or a credential_source`,
    when: "`source_profile` names a profile without credentials",
    fix: "give that profile keys, a `role_arn` with its source, or a `credential_source`",
  }),
  "source-cycle": row<{ where: string; cycle: readonly string[] }>({
    status: STATUS.config,
    message: (at) => `${at.where}: these profiles take their credentials from each other: ${at.cycle.join(" -> ")}`,
    hint: "end the chain in a profile with keys or a credential_source",
    when: "profiles that take their credentials from each other",
    fix: "end the chain in a profile with keys or a `credential_source`",
  }),
  "chain-too-long": row<{ where: string; profile: string; limit: number }>({
    status: STATUS.config,
    message: (at) => `${at.where}: the chain of profile "${at.profile}" has more than ${at.limit} profiles`,
    when: "a chain of more than 32 profiles",
    fix: "shorten the chain",
  }),
  "source-missing": row<{ where: string; profile: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: profile "${at.profile}" has a role_arn but nothing to assume it with`,
    hint: "add source_profile = NAME, or credential_source = Ec2InstanceMetadata, EcsContainer or Environment",
    when: "a `role_arn` without `source_profile` or `credential_source`",
    fix: "add one of them",
  }),
  "source-ambiguous": row<{ where: string; profile: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: profile "${at.profile}" has both source_profile and credential_source`,
    hint: "keep the one that is meant",
    when: "a `role_arn` with both `source_profile` and `credential_source`",
    fix: "keep the one that is meant",
  }),
  "credential-source-invalid": row<{ where: string; value: string; suggestion?: string }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: credential_source = ${at.value} is not one of Environment, Ec2InstanceMetadata, EcsContainer`,
    hint: (at) => (at.suggestion ? `write credential_source = ${at.suggestion}` : undefined),
    when: "a `credential_source` that is not one of the three",
    fix: "write `Environment`, `Ec2InstanceMetadata` or `EcsContainer`",
  }),
  "role-missing": row<{ where: string; profile: string; setting: string }>({
    status: STATUS.config,
    message: (at) =>
      isHost(at)
        ? `${at.where}: profile "${at.profile}" has a credential_source but no role_arn, so it would hand out the host's own credentials`
        : `${at.where}: profile "${at.profile}" has ${at.setting} but no role_arn, so there is no role to assume`,
    hint: (at) =>
      isHost(at)
        ? `add role_arn, or use "${at.profile}" as the source_profile of a profile that has one`
        : at.setting === "source_profile"
          ? "add role_arn, or take source_profile out"
          : `${ADD_ROLE}, or take ${at.setting} out`,
    when: "a setting of a role without `role_arn`, or with a misspelt one",
    fix: "add `role_arn`, or remove the setting",
  }),
  "profile-empty": row<{ where: string; profile: string; origin?: string | undefined }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: profile "${at.profile}"${at.origin ? ` (named by ${at.origin})` : ""} holds no credentials and names no source for them`,
    hint: (at) =>
      at.origin ? `${ADD_ROLE}, or unset ${at.origin} to use the container's or the instance's role` : ADD_ROLE,
    when: "a profile without credentials and without a source",
    fix: "add `role_arn` with `source_profile` or `credential_source`",
  }),
  "web-identity-mixed": row<{ where: string; profile: string; name: string; missing: string }>({
    status: STATUS.config,
    message: (at) =>
      `${at.where}: profile "${at.profile}" has web_identity_token_file, and ${at.name} in the environment says otherwise: it is not clear which role is meant`,
    hint: (at) => `unset ${at.name} to use the profile, or set ${at.missing} too to use the environment`,
    when: "a web identity set partly in the environment and partly in the profile",
    fix: "unset the variable to use the profile, or set the other one too to use the environment",
  }),
  "endpoint-insecure": row<{ where: string; url: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: ${at.url} is plain http to another host, and would carry credentials in the clear`,
    hint: "use https, or set XROLE_ALLOW_HTTP=1 if that network is yours alone",
    when: "an endpoint with plain http on another host",
    fix: "use https, or set `XROLE_ALLOW_HTTP=1` if that network is yours alone",
  }),
  "credentials-nowhere": row({
    status: STATUS.config,
    message:
      "there are no credentials: none in the environment, the profile or the container, and AWS_EC2_METADATA_DISABLED forbids asking the instance",
    hint: "name a profile; `xrole list` shows them",
    when: "no profile is named, and the default chain finds no credentials",
    fix: "name a profile; `xrole list` shows them",
  }),
  "account-unexpected": row<{ expected: string; actual: string }>({
    status: STATUS.config,
    message: (at) => `this leads to account ${at.actual}, not to ${at.expected} as expected`,
    hint: "check the profile and its role_arn (`xrole explain` shows the line), or --expect-account",
    when: "the credentials are for another account than `--expect-account`",
    fix: "check the profile and its `role_arn` (`xrole explain` shows the line), or `--expect-account`",
  }),
};
