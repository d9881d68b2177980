// Plans the role chain of one profile: its role and the source that assumes it, or the profile's own credentials (rules 21 to 28).
import { meantHeader } from "../config/absent-profile.ts";
import { closeNames, closeProfiles } from "../config/close-names.ts";
import { setting } from "../config/profile.ts";
import { location } from "../config/location.ts";
import type { Section, Setting } from "../config/types.ts";
import { XroleError } from "../errors/error.ts";
import type { Planning } from "../sources/kind.ts";
import { allKinds, KINDS, type Source } from "../sources/kinds.ts";
import { planHop } from "./hop.ts";
import { LONGEST_CHAIN } from "./options/limits.ts";
import { expectRoleSpelt, firstRoleSetting } from "./missing-role.ts";
import { inOrder, waysOf } from "./own-source.ts";
import type { RoleOptions } from "./options/role-options.ts";
import type { Hop } from "./sts-calls.ts";

export interface ChainRequest extends Planning {
  readonly options: RoleOptions;
  /** Accepts a selected profile that is only a source (rule 27): `list` shows it. */
  readonly allowSourceOnly?: boolean;
}

/** A source and the hops from it. */
export interface Chain {
  readonly source: Source;
  /** In call order. */
  readonly hops: readonly Hop[];
  /** The default chain found the credentials outside of any profile. */
  readonly isProfileless?: true;
}

/** A profile that names itself as its source_profile assumes its role with its own keys, and no other source (rule 25). */
const OWN_KEYS = KINDS.static.inProfile;

/**
 * The chain of a selected profile (rule 21).
 * @param origin the variable that names the profile, for an error
 * @param warnings receives a warning if one source in the profile takes precedence over another
 */
export function profileChain(
  request: ChainRequest,
  selected: Section,
  origin?: string,
  warnings: string[] = [],
): Chain {
  const all = waysOf(request, selected);
  const withRole = all.find(({ beforeRole }) => beforeRole === "always");
  const source = withRole?.source();
  const role = setting(selected, "role_arn");
  const ways = inOrder(all.filter(({ beforeRole }) => beforeRole !== "always"));
  const winner = withRole ?? (role ? { name: "role", at: role } : ways[0]);
  const isOwnSource = role && !source && setting(selected, "source_profile")?.value === selected.name;
  const losers = ways.filter((way) => way !== winner && !(isOwnSource && way.name === OWN_KEYS?.name));
  if (winner && losers.length > 0) {
    const names = losers.map(({ name, at }) => `its ${name} (${location(at)})`).join(" and ");
    warnings.push(`profile "${selected.name}": its ${winner.name} (${location(winner.at)}) comes before ${names}`);
  }
  if (source) return { source, hops: [] };
  if (role) return roleChain(request, selected, role, []);
  expectRoleSpelt(selected);
  const own = ways[0]?.source();
  const named = setting(selected, "credential_source");
  if (own) {
    const unused = setting(selected, "source_profile") ?? named;
    if (unused) {
      const name = unused === named ? "credential_source" : "source_profile";
      warnings.push(
        `profile "${selected.name}" has ${name} (${location(unused)}) but no role_arn: its own credentials are used`,
      );
    }
    return { source: own, hops: [] };
  }
  const left = firstRoleSetting(selected);
  if (!left) throw new XroleError("profile-empty", { where: location(selected), profile: selected.name, origin });
  const only = named && credentialSource(request, selected, named, selected);
  if (only && (request.allowSourceOnly || request.options.roleArn !== undefined)) return { source: only, hops: [] };
  throw new XroleError("role-missing", { where: location(left.at), profile: selected.name, setting: left.key });
}

/** The chain that ends in `profile`'s role. `path` holds the profiles on the way here, the selected one first. */
export function roleChain(request: ChainRequest, profile: Section, role: Setting, path: readonly Section[]): Chain {
  const { config, env, caller, options } = request;
  const at = path.concat(profile);
  const selected = at[0] ?? profile;
  const sourceProfile = setting(profile, "source_profile");
  const named = setting(profile, "credential_source");
  const where = location(sourceProfile ?? role);
  if (sourceProfile && named) throw new XroleError("source-ambiguous", { where, profile: profile.name });
  // Errors in how the profiles refer to each other come before errors in the role settings of each.
  const given = { value: role.value, where: location(role), name: "role_arn" };
  const hop = (): Hop => planHop(profile, given, env, caller, path.length === 0 ? options : {});
  if (named) return { source: credentialSource(request, profile, named, selected), hops: [hop()] };
  if (!sourceProfile) throw new XroleError("source-missing", { where, profile: profile.name });

  const next = config.profiles.get(sourceProfile.value);
  const link = { where, profile: profile.name, source: sourceProfile.value };
  if (!next) {
    const close = closeProfiles(config, link.source);
    const header = meantHeader(config, link.source);
    throw new XroleError("source-not-found", { ...link, close, ...(header && { header }) });
  }
  const cycle = (): never => {
    const names = at.map(({ name }) => name);
    throw new XroleError("source-cycle", { where, cycle: [...names.slice(names.indexOf(next.name)), next.name] });
  };
  if (next === profile) {
    // A profile may assume its role with its own keys, and with nothing else of its own (rule 25).
    const keys = waysOf(request, profile).find(({ name }) => name === OWN_KEYS?.name) ?? cycle();
    return { source: keys.source(), hops: [hop()] };
  }
  if (at.includes(next)) cycle();
  if (at.length > LONGEST_CHAIN)
    throw new XroleError("chain-too-long", { where, profile: selected.name, limit: LONGEST_CHAIN });

  // [pinned] A source profile's keys come before its role, web identity, SSO and process (rule 24).
  const ways = waysOf(request, next);
  const first = ways.find(({ beforeRole }) => beforeRole !== undefined);
  if (first) return { source: first.source(), hops: [hop()] };
  const nextRole = setting(next, "role_arn");
  if (nextRole) {
    const below = roleChain(request, next, nextRole, at);
    return { source: below.source, hops: below.hops.concat(hop()) };
  }
  const [other] = ways;
  if (other) return { source: other.source(), hops: [hop()] };
  // [pinned] A source profile that only names a credential_source is that source (rule 27).
  const nextNamed = setting(next, "credential_source");
  if (!nextNamed) throw new XroleError("source-empty", link);
  return { source: credentialSource(request, next, nextNamed, selected), hops: [hop()] };
}

/** The source that a credential_source names. Its spelling must be exact (rule 26), and it never falls back to another (rule 28). */
function credentialSource({ env }: ChainRequest, profile: Section, named: Setting, selected: Section): Source {
  const sources = allKinds.flatMap((kind) => kind.credentialSource ?? []);
  const from = location(named);
  const found = sources.find(({ name }) => name === named.value);
  if (found) return found.plan(env, from, selected);
  const where = `${from}: profile "${profile.name}"`;
  const names = sources.map(({ name }) => name);
  const suggestion = closeNames(named.value, names)[0];
  throw new XroleError("credential-source-invalid", {
    where,
    value: named.value,
    ...(suggestion ? { suggestion } : {}),
  });
}
