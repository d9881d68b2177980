// Decides who one is without a profile argument: the first of these that is there, in the order of the AWS CLI (rule 20).
// Its source: botocore's create_credential_resolver, whose decisions are kept in test/conformance/default-chain.json.
import { variable, type Environment } from "../context.ts";
import { findProfile, place, setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import { containerEndpoint } from "./container-endpoint.ts";
import { decideSessionName } from "./hop.ts";
import { instanceEndpoint, instancePatience, isInstanceDisabled } from "./instance-endpoint.ts";
import { checked } from "./limits.ts";
import { meansCredentials } from "./missing-role.ts";
import { holdsCredentials } from "./own-source.ts";
import { profileChain, type Chain, type ChainRequest } from "./profile-chain.ts";
import { heldByXrole } from "./host-environment.ts";
import type { Source } from "./types.ts";

const KEY_ID = "AWS_ACCESS_KEY_ID";
const TOKEN_FILE = "AWS_WEB_IDENTITY_TOKEN_FILE";
const ROLE_ARN = "AWS_ROLE_ARN";
const CONTAINER = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"] as const;

/**
 * The chain without a profile argument. What is there and wrong is an error; it goes on only past what is absent.
 * @param name the profile of rule 18, and `origin` the variable that names it
 * @param warnings is told what else is there, and what is there by half
 */
export function defaultChain(
  request: ChainRequest,
  name: string,
  origin: string | undefined,
  warnings: string[],
): Chain {
  const { config, env } = request;
  // A profile that is named and does not exist is an error, whatever else is there (rule 19).
  const profile = origin === undefined ? config.profiles.get(name) : findProfile(config, name, origin);
  const { chain, winner } = firstFound(request, profile, origin, warnings);
  // In a shell that holds a role, the user knows why its keys are used, but for a profile that was named since.
  if (heldByXrole(env)) {
    if (origin !== undefined && name !== env.XROLE_PROFILE)
      warnings.push(`the role that xrole put into the environment wins over ${origin}=${name}`);
    return chain;
  }
  const isProfileThere = profile && (origin !== undefined || meansCredentials(profile));
  const own = origin === undefined ? `profile "${name}"` : `${origin}=${name}`;
  warnings.push(...overlooked(env, winner, isProfileThere ? own : undefined, name), ...halves(env, winner));
  return chain;
}

type Winner = "keys" | "profile" | "web identity" | "container" | "instance";

interface Found {
  readonly chain: Chain;
  readonly winner: Winner;
}

function firstFound(
  request: ChainRequest,
  profile: Section | undefined,
  origin: string | undefined,
  warnings: string[],
): Found {
  const { env } = request;
  const from = (winner: Winner, source: Source): Found => ({ winner, chain: { source, hops: [] } });
  const ofProfile = (own: Section): Found => ({
    winner: "profile",
    chain: profileChain(request, own, origin, warnings),
  });
  if (variable(env, KEY_ID) !== undefined) return from("keys", { kind: "environment", from: KEY_ID });
  if (profile && comesBeforeWebIdentity(profile)) return ofProfile(profile);
  const webIdentity = environmentWebIdentity(request, profile);
  if (webIdentity) return from("web identity", webIdentity);
  // [pinned] A profile that AWS_PROFILE names and that holds nothing is an error (`profile-empty`); the AWS CLI goes on to the
  // container and the instance, and so acts as somebody whom nobody named.
  if (profile && (origin !== undefined || meansCredentials(profile))) return ofProfile(profile);
  const container = containerEndpoint(env);
  if (container) return from("container", { kind: "container", from: container.from, endpoint: container.url });
  if (isInstanceDisabled(env)) throw new XroleError("credentials-nowhere", {});
  return from("instance", {
    kind: "instance",
    from: "default chain",
    endpoint: instanceEndpoint(env, profile),
    disabled: false,
    speculative: true,
    ...instancePatience(env, profile),
  });
}

/** A role that is assumed from a source, or the start of one: botocore's AssumeRoleProvider, which web identity is not for. */
function comesBeforeWebIdentity(profile: Section): boolean {
  if (setting(profile, "web_identity_token_file")) return false;
  if (setting(profile, "role_arn")) return true;
  const isSource = setting(profile, "source_profile") ?? setting(profile, "credential_source");
  return isSource !== undefined && !holdsOwn(profile);
}

/** Whether it holds credentials beside what names a source. */
const holdsOwn = (profile: Section): boolean => {
  const settings = new Map([...profile.settings].filter(([key]) => key !== "credential_source"));
  return holdsCredentials({ ...profile, settings });
};

/**
 * Web identity that the environment names in full.
 * @throws XroleError `setting-missing` for a token without a role, `web-identity-mixed`
 */
function environmentWebIdentity({ env, caller }: ChainRequest, profile: Section | undefined): Source | undefined {
  const tokenFile = variable(env, TOKEN_FILE);
  const roleArn = variable(env, ROLE_ARN);
  if (tokenFile === undefined || roleArn === undefined) {
    if (profile) expectUnmixed(profile, tokenFile, roleArn);
    const ownRole = profile && setting(profile, "web_identity_token_file") && setting(profile, "role_arn");
    if (tokenFile !== undefined && !ownRole) {
      const hint = `set ${ROLE_ARN} to the role that the token is for, or unset ${TOKEN_FILE}`;
      throw new XroleError("setting-missing", { where: "environment", setting: ROLE_ARN, because: TOKEN_FILE, hint });
    }
    return undefined;
  }
  checked({ value: roleArn, where: "environment", name: ROLE_ARN }, "roleArn");
  // Of web identity in the environment, the profile may name the session, as in botocore.
  const isNamed = variable(env, "AWS_ROLE_SESSION_NAME") !== undefined;
  const session = decideSessionName(isNamed ? undefined : profile, env, caller, {});
  return { kind: "web-identity", from: TOKEN_FILE, roleArn, tokenFile, ...session };
}

/**
 * [pinned] botocore takes each setting of web identity from the environment before the profile, so that AWS_ROLE_ARN alone replaces
 * the role of a profile's token. Such a mixture is an error, unless both say the same.
 * @throws XroleError `web-identity-mixed`
 */
function expectUnmixed(profile: Section, tokenFile: string | undefined, roleArn: string | undefined): void {
  const own = setting(profile, "web_identity_token_file");
  if (!own) return;
  const role = setting(profile, "role_arn");
  const isTokenOther = tokenFile !== undefined && tokenFile !== own.value && role !== undefined;
  const isRoleOther = roleArn !== undefined && roleArn !== role?.value;
  if (!isTokenOther && !isRoleOther) return;
  const [name, missing] = isTokenOther ? [TOKEN_FILE, ROLE_ARN] : [ROLE_ARN, TOKEN_FILE];
  throw new XroleError("web-identity-mixed", { where: place(own), profile: profile.name, name, missing });
}

/** The winner over what else is there, in one warning. @param own what names the profile, if that is there */
function overlooked(env: Environment, winner: Winner, own: string | undefined, name: string): string[] {
  const set = (names: readonly string[]): string[] =>
    names.filter((one) => variable(env, one) !== undefined).slice(0, 1);
  const words = {
    keys: "the keys in the environment win",
    profile: `profile "${name}" wins`,
    "web identity": `${TOKEN_FILE} wins`,
    container: `${set(CONTAINER).join("")} wins`,
    instance: "",
  };
  const losers = [
    ...(winner === "profile" || own === undefined ? [] : [own]),
    ...(winner === "web identity" ? [] : set([TOKEN_FILE])),
    ...(winner === "container" ? [] : set(CONTAINER)),
  ];
  return [...(losers.length === 0 ? [] : [`${words[winner]} over ${inWords(losers)}`]), ...otherName(env)];
}

/** The AWS CLI 2 reads AWS_PROFILE first, the AWS CLI 1 and boto3 the other one. */
function otherName(env: Environment): string[] {
  const [first, second] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map((name) => variable(env, name));
  if (first === undefined || second === undefined || first === second) return [];
  return [`AWS_PROFILE=${first} wins over AWS_DEFAULT_PROFILE=${second}`];
}

const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1) ?? ""}`;

/** Variables that say something only beside another one, which is not set. */
function halves(env: Environment, winner: Winner): string[] {
  const isSet = (name: string): boolean => variable(env, name) !== undefined;
  const alone = (names: readonly string[], others: readonly string[]): string[] =>
    others.some(isSet)
      ? []
      : names
          .filter(isSet)
          .slice(0, 1)
          .map((one) => `${one} is set without ${others.join(" or ")}, and is not used`);
  return [
    ...alone(["AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"], [KEY_ID]),
    ...alone([ROLE_ARN], [TOKEN_FILE]),
    ...alone(["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"], CONTAINER),
    // [pinned] The AWS CLI reads the files of its forerunners, after the profile and before the container; xrole and the SDKs do not.
    ...((winner === "container" || winner === "instance") && isSet("AWS_CREDENTIAL_FILE")
      ? ["AWS_CREDENTIAL_FILE is not read; put its keys into ~/.aws/credentials"]
      : []),
  ];
}
