// Decides the credentials of a call without a profile argument: the first that exist, in the order of the AWS CLI (rule 20).
// Source: botocore's create_credential_resolver; its decisions are recorded in test/conformance/default-chain.json.
import { findProfile, setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors/error.ts";
import { inDefaultChain, ORDER, type Winner } from "./default-order.ts";
import { meansCredentials } from "./missing-role.ts";
import { overlooked } from "./overlooked.ts";
import { holdsCredentials, ownsRole } from "./own-source.ts";
import { profileChain, type Chain, type ChainRequest } from "./profile-chain.ts";
import { heldByXrole } from "./shell/host-environment.ts";

/**
 * The chain of a call without a profile argument. It skips only what is absent; whatever exists and is wrong is an error.
 * @param name the profile of rule 18, and `origin` the variable that names it
 * @param warnings receives a warning about other credentials that exist, and about incomplete ones
 */
export function defaultChain(
  request: ChainRequest,
  name: string,
  origin: string | undefined,
  warnings: string[],
): Chain {
  const { config, env } = request;
  // A named profile that does not exist is an error, whatever other credentials there are (rule 19).
  const profile = origin === undefined ? config.profiles.get(name) : findProfile(config, name, origin);
  const { chain, winner } = firstFound(request, profile, origin, warnings);
  // If the shell has a role of xrole, the user knows that its keys are used, unless a profile was named later.
  if (heldByXrole(env)) {
    if (origin !== undefined && name !== env.XROLE_PROFILE)
      warnings.push(`the role that xrole put into the environment wins over ${origin}=${name}`);
    return chain;
  }
  const isProfileThere = profile && (origin !== undefined || meansCredentials(profile));
  const own = origin === undefined ? `profile "${name}"` : `${origin}=${name}`;
  warnings.push(...overlooked(env, winner, isProfileThere ? own : undefined, name));
  return chain;
}

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
      // [pinned] A profile that AWS_PROFILE names and that has no credentials is an error (`profile-empty`). The AWS CLI goes on to the
      // container and the instance, and so uses an identity that nobody named.
      const isHere = (own: Section): boolean =>
        winner === "role" ? comesBeforeWebIdentity(own) : origin !== undefined || meansCredentials(own);
      if (profile && isHere(profile)) return { winner, chain: profileChain(request, profile, origin, warnings) };
      continue;
    }
    const source = inDefaultChain(winner)?.plan(request, profile);
    if (source) return { winner, chain: { source, hops: [], isProfileless: true } };
  }
  throw new XroleError("credentials-nowhere", {});
}

/** Whether a profile has a role that is assumed from a source, or names a source: what botocore's AssumeRoleProvider handles. */
function comesBeforeWebIdentity(profile: Section): boolean {
  if (ownsRole(profile)) return false;
  if (setting(profile, "role_arn")) return true;
  const isSource = setting(profile, "source_profile") ?? setting(profile, "credential_source");
  return isSource !== undefined && !holdsOwn(profile);
}

/** Whether it has credentials other than a `credential_source`. */
const holdsOwn = (profile: Section): boolean => {
  const settings = new Map([...profile.settings].filter(([key]) => key !== "credential_source"));
  return holdsCredentials({ ...profile, settings });
};
