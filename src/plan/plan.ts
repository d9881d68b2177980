// Makes the plan: decides from profiles and environment everything that a command will do. Pure: no file, no network, no clock.
import { variable, type Environment } from "../context/types.ts";
import { findProfile, setting } from "../config/profile.ts";
import { location } from "../config/location.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors/error.ts";
import { adHocName } from "./shell/ad-hoc-name.ts";
import { roleNameOf } from "./shell/role-name.ts";
import { childSettings, heldSettings } from "./shell/child-settings.ts";
import { capDurations } from "./options/duration.ts";
import { defaultChain } from "./default-chain.ts";
import { planRole } from "./show/describe.ts";
import { decideEndpoint } from "./aws/endpoint.ts";
import { planHop, plannedFields, narrowed } from "./hop.ts";
import { checked } from "./options/limits.ts";
import { option } from "./options/given.ts";
import { decideMfa } from "./mfa.ts";
import { withLostSettings } from "./unused/with-lost-settings.ts";
import { profileChain, type Chain, type ChainRequest } from "./profile-chain.ts";
import { decideRegion } from "./aws/region.ts";
import { flagOf, roleOptionRows, type RoleOptions } from "./options/role-options.ts";
import { heldStart, usesHeldRole } from "./shell/session.ts";
import type { Plan } from "./types.ts";

export interface PlanRequest extends ChainRequest {
  /** The profile argument, if there was one. */
  readonly profile?: string | undefined;
}

/** The name of the selected profile, and the variable that names it, if it is not the command line (rule 18). */
export function selectedName(argument: string | undefined, env: Environment): { name: string; origin?: string } {
  if (argument !== undefined && argument !== "") return { name: argument };
  for (const origin of ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"]) {
    const name = variable(env, origin);
    if (name !== undefined) return { name, origin };
  }
  return { name: "default" };
}

/**
 * The plan for a profile, or for the default chain if no profile is named (rules 18 to 36).
 * @throws XroleError every error in the configuration that can be detected without a request
 */
export function planChain(request: PlanRequest): Plan {
  try {
    return decide(request);
  } catch (error) {
    throw withLostSettings(error, request.config, selectedName(request.profile, request.env).name);
  }
}

function decide(request: PlanRequest): Plan {
  const { config, env, options } = request;
  const { name, origin } = selectedName(request.profile, env);
  const isNamed = request.profile !== undefined && request.profile !== "";
  const warnings: string[] = [];
  const own = isNamed ? findProfile(config, name) : config.profiles.get(name);

  const found =
    isNamed && own ? profileChain(request, own, undefined, warnings) : defaultChain(request, name, origin, warnings);
  // The role in this shell came with its own region and settings. Those of another profile do not apply.
  const isHeld = usesHeldRole(env, request.profile, found.source);
  const selected = isHeld ? undefined : own;
  if (selected?.name === "default" && config.hiddenDefault)
    warnings.push(`[profile default] hides [default] (${location(config.hiddenDefault)}): keep one of the two`);
  const chain = withOptions(found, request, name);
  const { hops, mfaSession } = decideMfa(
    capDurations(chain, selected, options, warnings),
    chain.source,
    selected,
    options,
    warnings,
  );

  const roleArn = planRole({ source: chain.source, hops });
  const called = roleNameOf(request, name, found.isProfileless === true, isHeld, roleArn);
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
    ...(found.isProfileless && { isProfileless: found.isProfileless }),
    ...(mfaSession && { mfaSession }),
    hops,
    ...(expectAccount === undefined ? {} : { expectAccount }),
    ...(caBundle && { caBundle }),
    ...(renewFrom !== undefined && { renewFrom }),
    childSettings: isHeld ? heldSettings(env, isFips) : childSettings(env, config, selected, isFips),
    warnings,
  };
  if (heldStart(env, plan) === "other")
    warnings.push(
      `the keys in the environment are those of a role that xrole put there${env.XROLE_PROFILE ? ` (profile "${env.XROLE_PROFILE}")` : ""}: the chain starts at that role`,
    );
  return plan;
}

/** Applies the command line to a chain without hops: `--role-arn`, or the options of a source that assumes a role itself. */
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
  const assumesRole = source.roleArn !== undefined;
  for (const [name, { of }] of roleOptionRows()) {
    const value = options[name];
    if ((of === "hop" || (of && !assumesRole)) && value !== undefined && value !== false)
      throw new XroleError("option-without-hop", { option: flagOf(name), profile });
  }
  if (!assumesRole) return { source, hops };
  const name = option("--session-name", options.sessionName);
  return {
    source: {
      ...source,
      ...(name && { sessionName: checked(name, "sessionName"), sessionNameGenerated: false }),
      ...plannedFields(undefined, options, "session"),
      ...narrowed(options, source.roleArn),
    },
    hops,
  };
}

/** @throws XroleError `account-unexpected` if the last role belongs to another account than `--expect-account` */
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
  return own && { file: own.value, from: location(own) };
}

/** The place of `xrole_renew = true`. @throws XroleError `setting-invalid` for what is neither true nor false */
function decideRenewal(selected: Section): string | undefined {
  const own = setting(selected, "xrole_renew");
  const value = own?.value.toLowerCase();
  if (!own || value === "false") return undefined;
  if (value === "true") return location(own);
  throw new XroleError("setting-invalid", {
    where: location(own),
    name: "xrole_renew",
    value: own.value,
    expected: "true or false",
  });
}
