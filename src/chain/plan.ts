// Decides everything a command will do: from profiles and environment to a plan. Pure: no file, no network, no clock.
import { variable, type Environment } from "../context.ts";
import { closeNames, findProfile, place, setting } from "../config/profile.ts";
import type { Config, Section, Setting } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import { childSettings, heldSettings } from "./child-settings.ts";
import { containerEndpoint } from "./container-endpoint.ts";
import { decideEndpoint } from "./endpoint.ts";
import { capDurations } from "./duration.ts";
import { decideSessionName, planHop, sessionPolicy, type Caller } from "./hop.ts";
import { instanceEndpoint, instancePatience, isInstanceDisabled } from "./instance-endpoint.ts";
import { holdsCredentials, otherSource, staticSource, webIdentitySource } from "./own-source.ts";
import { checked, option, seconds } from "./limits.ts";
import { decideMfa } from "./mfa.ts";
import { planRole } from "./describe.ts";
import { adHocName, roleNameOf } from "./naming.ts";
import { HOP_ONLY, SESSION_OPTIONS, type RoleOptions } from "./role-options.ts";
import { decideRegion } from "./region.ts";
import { heldKeys, usesHeldRole } from "./session.ts";
import type { Hop, Plan, Source } from "./types.ts";

export interface PlanRequest {
  readonly config: Config;
  /** The host's environment (host-environment.ts). */
  readonly env: Environment;
  /** The profile argument, if there was one. */
  readonly profile?: string | undefined;
  readonly options: RoleOptions;
  readonly caller: Caller;
  /** Accepts a selected profile that is only a source (rule 27): `list` shows it. */
  readonly allowSourceOnly?: boolean;
}

/** A source and the hops from it. */
export interface Chain {
  readonly source: Source;
  /** In call order. */
  readonly hops: readonly Hop[];
}

const CREDENTIAL_SOURCES = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];

/** The name of the profile meant, and what named it when that is not the command line (rule 18). */
export function selectedName(argument: string | undefined, env: Environment): { name: string; origin?: string } {
  if (argument !== undefined && argument !== "") return { name: argument };
  for (const origin of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    const name = variable(env, origin);
    if (name !== undefined) return { name, origin };
  }
  return { name: "default" };
}

/**
 * The plan for a profile, or for the default chain when none is named (rules 18 to 36).
 * @throws XroleError every fault of the configuration that can be seen without asking anybody
 */
export function planChain(request: PlanRequest): Plan {
  const { config, env, options } = request;
  const { name, origin } = selectedName(request.profile, env);
  const isNamed = request.profile !== undefined && request.profile !== "";
  const warnings: string[] = [];
  const own = isNamed ? findProfile(config, name) : config.profiles.get(name);

  const found = isNamed && own ? chainOf(request, own) : defaultChain(request, name, origin, warnings);
  // What the shell holds has brought its region and settings along: those of another profile are not for it.
  const isHeld = usesHeldRole(env, request.profile, found.source);
  const selected = isHeld ? undefined : own;
  const chain = withOptions(found, request, name);
  const { hops, mfaSession } = decideMfa(
    capDurations(chain, selected, options, warnings),
    chain.source,
    selected,
    options,
    warnings,
  );

  const roleArn = planRole({ source: chain.source, hops });
  const called = roleNameOf(request, name, chain.source, isHeld, roleArn);
  const expectAccount = expectedAccount(options, roleArn);
  const region = decideRegion(options.region, env, selected, chain.source, roleArn);
  const asked = region.regionAsGiven ?? region.region;
  const isFips = region.regionAsGiven !== undefined;
  const { endpoint, warning } = roleArn === undefined ? {} : decideEndpoint(env, config, selected, asked);
  if (warning !== undefined) warnings.push(warning);
  const caBundle = decideCaBundle(env, selected);
  const renewFrom = selected && decideRenewal(selected);
  const plan: Plan = {
    profile: isHeld ? (called ?? variable(env, "AWS_ACCOUNT_ID") ?? name) : name,
    ...(called !== undefined && { name: called }),
    ...region,
    ...(endpoint === undefined ? {} : { endpoint }),
    source: chain.source,
    ...(mfaSession && { mfaSession }),
    hops,
    ...(expectAccount === undefined ? {} : { expectAccount }),
    ...(caBundle && { caBundle }),
    ...(renewFrom !== undefined && { renewFrom }),
    childSettings: isHeld ? heldSettings(env, isFips) : childSettings(env, config, selected, isFips),
    warnings,
  };
  const held = chain.source.kind === "environment" && hops.length > 0 ? heldKeys(env, plan) : "foreign";
  if (held === "other")
    warnings.push(
      `the keys in the environment are those of a role that xrole put there${env.XROLE_PROFILE ? ` (profile "${env.XROLE_PROFILE}")` : ""}: the chain starts at that role`,
    );
  return plan;
}

/** What the command line says beside the profile: a role of its own, and the options of a chain without a hop. */
function withOptions(
  { source, hops }: Chain,
  { env, caller, options, profile: given }: PlanRequest,
  profile: string,
): Chain {
  if (hops.length > 0) return { source, hops };
  if (options.roleArn !== undefined) {
    const role = { value: options.roleArn, where: "command line", name: "--role-arn" };
    const hop = planHop(undefined, role, env, caller, options);
    const isNamed = given !== undefined && given !== "";
    return { source, hops: [{ ...hop, profile: isNamed ? profile : adHocName(hop.roleArn) }] };
  }
  const isWebIdentity = source.kind === "web-identity";
  const refused = { ...HOP_ONLY, ...(isWebIdentity ? {} : SESSION_OPTIONS) };
  for (const [name, flag] of Object.entries(refused)) {
    const value = options[name as keyof RoleOptions];
    if (value !== undefined && value !== false) throw new XroleError("option-without-hop", { option: flag, profile });
  }
  if (!isWebIdentity) return { source, hops };
  const name = option("--session-name", options.sessionName);
  const duration = option("--duration", options.duration);
  return {
    source: {
      ...source,
      ...(name && { sessionName: checked(name, "sessionName"), sessionNameGenerated: false }),
      ...(duration && { durationSeconds: seconds(duration) }),
      ...sessionPolicy(options, source.roleArn),
    },
    hops,
  };
}

/** @throws XroleError `account-unexpected` when the last role is of another account than --expect-account says */
function expectedAccount({ expectAccount }: RoleOptions, roleArn: string | undefined): string | undefined {
  const given = option("--expect-account", expectAccount);
  if (!given) return undefined;
  const expected = checked(given, "accountId");
  const actual = roleArn?.split(":")[4];
  if (actual !== undefined && actual !== expected) throw new XroleError("account-unexpected", { expected, actual });
  return expected;
}

/** AWS_CA_BUNDLE, else the selected profile's ca_bundle (rule 37). */
function decideCaBundle(env: Environment, selected: Section | undefined): Plan["caBundle"] {
  const given = variable(env, "AWS_CA_BUNDLE");
  if (given !== undefined) return { file: given, from: "AWS_CA_BUNDLE" };
  const own = selected && setting(selected, "ca_bundle");
  return own && { file: own.value, from: place(own) };
}

/** The place of `xrole_renew = true`. @throws XroleError `setting-invalid` for what is neither true nor false */
function decideRenewal(selected: Section): string | undefined {
  const own = setting(selected, "xrole_renew");
  const value = own?.value.toLowerCase();
  if (!own || value === "false") return undefined;
  if (value === "true") return place(own);
  throw new XroleError("setting-invalid", {
    where: place(own),
    name: "xrole_renew",
    value: own.value,
    expected: "true or false",
  });
}

/** The chain without a profile argument: the first of these that is there; what is there and wrong is an error (rule 20). */
function defaultChain(request: PlanRequest, name: string, origin: string | undefined, warnings: string[]): Chain {
  const { config, env } = request;
  if (variable(env, "AWS_ACCESS_KEY_ID") !== undefined) {
    if (origin !== undefined) warnings.push(`the keys in the environment win over ${origin}=${name}`);
    return { source: { kind: "environment", from: "AWS_ACCESS_KEY_ID" }, hops: [] };
  }
  if (origin !== undefined) return chainOf(request, findProfile(config, name, origin));
  const profile = config.profiles.get(name);
  if (profile && holdsCredentials(profile)) return chainOf(request, profile);
  const tokenFile = variable(env, "AWS_WEB_IDENTITY_TOKEN_FILE");
  const roleArn = variable(env, "AWS_ROLE_ARN");
  if (tokenFile !== undefined && roleArn !== undefined) {
    const from = "AWS_WEB_IDENTITY_TOKEN_FILE";
    checked({ value: roleArn, where: "environment", name: "AWS_ROLE_ARN" }, "roleArn");
    const session = decideSessionName(undefined, env, request.caller, {});
    return { source: { kind: "web-identity", from, roleArn, tokenFile, ...session }, hops: [] };
  }
  const container = containerEndpoint(env);
  if (container) return { source: { kind: "container", from: container.from, endpoint: container.url }, hops: [] };
  if (isInstanceDisabled(env)) throw new XroleError("credentials-nowhere", {});
  const endpoint = instanceEndpoint(env, profile);
  return {
    source: {
      kind: "instance",
      from: "default chain",
      endpoint,
      disabled: false,
      speculative: true,
      ...instancePatience(env, profile),
    },
    hops: [],
  };
}

/** The chain of a selected profile (rule 21). */
function chainOf(request: PlanRequest, selected: Section): Chain {
  const webIdentity = webIdentitySource(selected, request.env, request.caller);
  if (webIdentity) return { source: webIdentity, hops: [] };
  const role = setting(selected, "role_arn");
  if (role) return roleChain(request, selected, role, []);
  const own = staticSource(selected) ?? otherSource(request.env, request.config, selected);
  if (own) return { source: own, hops: [] };
  const named = setting(selected, "credential_source");
  if (!named) throw new XroleError("profile-empty", { where: place(selected), profile: selected.name });
  const source = credentialSource(request, selected, named, selected);
  if (!request.allowSourceOnly && request.options.roleArn === undefined)
    throw new XroleError("role-missing", { where: place(named), profile: selected.name });
  return { source, hops: [] };
}

/** The chain that ends in `profile`'s role. `path` holds the profiles on the way here, the selected one first. */
function roleChain(request: PlanRequest, profile: Section, role: Setting, path: readonly Section[]): Chain {
  const { config, env, caller, options } = request;
  const at = [...path, profile];
  const selected = at[0] ?? profile;
  const sourceProfile = setting(profile, "source_profile");
  const named = setting(profile, "credential_source");
  const where = place(sourceProfile ?? named ?? role);
  if (sourceProfile && named) throw new XroleError("source-ambiguous", { where, profile: profile.name });
  // How the profiles hang together is judged before what each says about its role.
  const given = { value: role.value, where: place(role), name: "role_arn" };
  const hop = (): Hop => planHop(profile, given, env, caller, path.length === 0 ? options : {});
  if (named) return { source: credentialSource(request, profile, named, selected), hops: [hop()] };
  if (!sourceProfile) throw new XroleError("source-missing", { where, profile: profile.name });

  const next = config.profiles.get(sourceProfile.value);
  const link = { where, profile: profile.name, source: sourceProfile.value };
  if (!next) {
    throw new XroleError("source-not-found", { ...link, close: closeNames(link.source, config.profiles.keys()) });
  }
  const cycle = (): never => {
    const names = at.map(({ name }) => name);
    throw new XroleError("source-cycle", { where, cycle: [...names.slice(names.indexOf(next.name)), next.name] });
  };
  if (next === profile) {
    // A profile may take its own keys to assume its own role, and only those (rule 25).
    const source = staticSource(profile) ?? cycle();
    return { source, hops: [hop()] };
  }
  if (at.includes(next)) cycle();

  // [pinned] A source profile's keys come before its role, web identity, SSO and process (rule 24).
  const first = staticSource(next) ?? webIdentitySource(next, env, caller);
  if (first) return { source: first, hops: [hop()] };
  const nextRole = setting(next, "role_arn");
  if (nextRole) {
    const below = roleChain(request, next, nextRole, at);
    return { source: below.source, hops: [...below.hops, hop()] };
  }
  const other = otherSource(env, config, next);
  if (other) return { source: other, hops: [hop()] };
  // [pinned] A source profile that only names a credential_source is that source (rule 27).
  const nextNamed = setting(next, "credential_source");
  if (!nextNamed) throw new XroleError("source-empty", link);
  return { source: credentialSource(request, next, nextNamed, selected), hops: [hop()] };
}

/** What a credential_source means; it is spelled exactly (rule 26) and never falls through to another (rule 28). */
function credentialSource({ env }: PlanRequest, profile: Section, named: Setting, selected: Section): Source {
  const from = place(named);
  switch (named.value) {
    case "Environment":
      return { kind: "environment", from };
    case "Ec2InstanceMetadata":
      return {
        kind: "instance",
        from,
        endpoint: instanceEndpoint(env, selected),
        disabled: isInstanceDisabled(env),
        speculative: false,
        ...instancePatience(env, selected),
      };
    case "EcsContainer": {
      const container = containerEndpoint(env);
      return { kind: "container", from, ...(container && { endpoint: container.url }) };
    }
    default: {
      const suggestion = closeNames(named.value, CREDENTIAL_SOURCES)[0];
      const where = `${from}: profile "${profile.name}"`;
      throw new XroleError("credential-source-invalid", {
        where,
        value: named.value,
        ...(suggestion ? { suggestion } : {}),
      });
    }
  }
}
