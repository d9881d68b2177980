// Finds the causes of a refused call in the profiles themselves. They rank before any guess about AWS's policies.
import type { RoleOptions } from "../plan/options/role-options.ts";
import type { Hop } from "../plan/sts-calls.ts";
import type { Plan } from "../plan/types.ts";
import { setting } from "../config/profile.ts";
import { location } from "../config/location.ts";
import type { Config } from "../config/types.ts";
import { isOnCommandLine, see, setFix } from "./fixes.ts";
import type { Cause, Facts } from "./types.ts";

/**
 * The facts about one call of sts:AssumeRole.
 * @param options of the command line, which count for the last hop
 */
export function factsOf(
  { profiles }: Config,
  { hops, source, mfaSession }: Plan,
  hop: Hop,
  options: RoleOptions,
): Facts {
  const section = profiles.get(hop.profile);
  const isLast = hop === hops.at(-1);
  const isExternalIdGiven = isLast && options.externalId !== undefined && options.externalId !== "";
  // The external id of the profile belongs to its own role only.
  const isOwnRole = section !== undefined && setting(section, "role_arn")?.value === hop.roleArn;
  const externalId = isOwnRole ? setting(section, "external_id") : undefined;

  // Only the first call can send a code: the session of a role has no MFA device.
  const takesCode = hop === hops[0] && hop.mfaSerial === undefined && mfaSession === undefined;
  const sourceName = section && setting(section, "source_profile")?.value;
  const lenders = [sourceName, "profile" in source ? source.profile : undefined].flatMap(
    (name) => (name === undefined ? undefined : profiles.get(name)) ?? [],
  );
  const lender = takesCode ? lenders.find((one) => setting(one, "mfa_serial")) : undefined;
  const serial = lender && setting(lender, "mfa_serial");
  return {
    isExternalIdGiven,
    ...(externalId && { externalId: { value: externalId.value, from: location(externalId) } }),
    ...(lender && serial && { mfa: { profile: lender.name, serial: serial.value, from: location(serial) } }),
  };
}

/** The cause if `--external-id` differs from the profile's external id. */
export function otherExternalId(hop: Hop, { isExternalIdGiven, externalId }: Facts): Cause | undefined {
  if (!isExternalIdGiven || !externalId || externalId.value === hop.externalId) return undefined;
  const { value, from } = externalId;
  return {
    cause: "external-id-differs",
    likelihood: "named",
    from,
    text: `--external-id ${hop.externalId ?? ""} differs from external_id = ${value} of profile "${hop.profile}" (${from})`,
    fixes: [
      see("leave out --external-id, so that the profile's is sent"),
      see(`if the owner of the role gave you another one than the profile has, correct external_id at ${from}`),
    ],
  };
}

/** The cause if the source's profile has an MFA device, but the role's profile does not use it. */
export function forgottenMfa(hop: Hop, { mfa }: Facts): Cause | undefined {
  if (!mfa) return undefined;
  const { profile, serial, from } = mfa;
  const missing = isOnCommandLine(hop) ? "a role that the command line names" : `the role of profile "${hop.profile}"`;
  return {
    cause: "mfa",
    likelihood: "likely",
    text: `the role probably requires MFA: profile "${profile}", which the keys come from, has mfa_serial (${from}), which does not apply to ${missing}, so no code was sent`,
    fixes: [setFix(hop)("mfa_serial", serial)],
  };
}
