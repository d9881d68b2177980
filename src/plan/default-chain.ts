// Decides who one is without a profile argument: the first of these that is there, in the order of the AWS CLI (rule 20).
// Its source: botocore's create_credential_resolver, whose decisions are kept in test/conformance/default-chain.json.
import { variable, type Environment } from "../context/types.ts";
import { findProfile, setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors/errors.ts";
import type { InDefaultChain, SourceKind } from "../sources/kind.ts";
import { KINDS, type Source } from "../sources/kinds.ts";
import { meansCredentials } from "./missing-role.ts";
import { holdsCredentials, ownsRole } from "./own-source.ts";
import { profileChain, type Chain, type ChainRequest } from "./profile-chain.ts";
import { heldByXrole } from "./shell/host-environment.ts";

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

/** Where it looks, in this order: a kind of source, or in the profile for a role or anything else (rule 20). */
export const ORDER = ["environment", "role", "web-identity", "profile", "container", "instance"] as const;
type Winner = (typeof ORDER)[number];

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
  for (const winner of ORDER) {
    if (winner === "role" || winner === "profile") {
      // [pinned] A profile that AWS_PROFILE names and that holds nothing is an error (`profile-empty`); the AWS CLI goes on to the
      // container and the instance, and so acts as somebody whom nobody named.
      const isHere = (own: Section): boolean =>
        winner === "role" ? comesBeforeWebIdentity(own) : origin !== undefined || meansCredentials(own);
      if (profile && isHere(profile)) return { winner, chain: profileChain(request, profile, origin, warnings) };
      continue;
    }
    const source = inDefaultChain(winner)?.plan(request, profile);
    if (source) return { winner, chain: { source, hops: [] } };
  }
  throw new XroleError("credentials-nowhere", {});
}

const inDefaultChain = (winner: Winner): InDefaultChain<Source> | undefined =>
  winner === "role" || winner === "profile" ? undefined : (KINDS[winner] as SourceKind<Source>).inDefaultChain;

/** A role that is assumed from a source, or the start of one: botocore's AssumeRoleProvider, which web identity is not for. */
function comesBeforeWebIdentity(profile: Section): boolean {
  if (ownsRole(profile)) return false;
  if (setting(profile, "role_arn")) return true;
  const isSource = setting(profile, "source_profile") ?? setting(profile, "credential_source");
  return isSource !== undefined && !holdsOwn(profile);
}

/** Whether it holds credentials beside what names a source. */
const holdsOwn = (profile: Section): boolean => {
  const settings = new Map([...profile.settings].filter(([key]) => key !== "credential_source"));
  return holdsCredentials({ ...profile, settings });
};

/** The winner over what else is there, in one warning. @param own what names the profile, if that is there */
function overlooked(env: Environment, winner: Winner, own: string | undefined, name: string): string[] {
  const isOfProfile = winner === "role" || winner === "profile";
  const set = (of: Winner): string[] =>
    (inDefaultChain(of)?.variables ?? []).filter((one) => variable(env, one) !== undefined).slice(0, 1);
  const wins = isOfProfile
    ? `profile "${name}" wins`
    : (inDefaultChain(winner)?.wins ?? `${set(winner).join("")} wins`);
  const losers = [
    ...(isOfProfile || own === undefined ? [] : [own]),
    ...ORDER.filter((one) => one !== winner).flatMap(set),
  ];
  return [...(losers.length === 0 ? [] : [`${wins} over ${inWords(losers)}`]), ...otherName(env)];
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
    ...ORDER.flatMap((one) => {
      const { halves: names = [], variables = [] } = inDefaultChain(one) ?? {};
      return alone(names, variables);
    }),
    // [pinned] The AWS CLI reads the files of its forerunners, after the profile and before the container; xrole and the SDKs do not.
    ...(ORDER.indexOf(winner) > ORDER.indexOf("profile") && isSet("AWS_CREDENTIAL_FILE")
      ? ["AWS_CREDENTIAL_FILE is not read; put its keys into ~/.aws/credentials"]
      : []),
  ];
}
