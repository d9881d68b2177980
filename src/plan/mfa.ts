// Decides which call sends the MFA code: the first AssumeRole call, or a GetSessionToken call whose session all hops start from.
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors/error.ts";
import { kindOf, type Source } from "../sources/kinds.ts";
import { givenFor, processFor, wantsMfaSession } from "./hop.ts";
import { checked, checkedCode } from "./options/limits.ts";
import { option } from "./options/given.ts";
import type { RoleOptions } from "./options/role-options.ts";
import type { Hop } from "./sts-calls.ts";
import type { Plan } from "./types.ts";

type Decided = Pick<Plan, "hops" | "mfaSession">;

/**
 * The hops with the serial where a code can be used. A code works once and for a user's own keys: a role's session has no
 * MFA device, so the serial of a later hop is dropped with a warning.
 * @throws XroleError `mfa-without-keys`, `mfa-serial-missing`, `setting-invalid`
 */
export function decideMfa(
  hops: readonly Hop[],
  source: Source,
  selected: Section | undefined,
  options: RoleOptions,
  warnings: string[],
): Decided {
  const code = option("--mfa-code", options.mfaCode);
  if (code) checkedCode(code);
  const withSerial = hops.filter(({ mfaSerial }) => mfaSerial !== undefined);
  if (!wantsMfaSession(selected, options) || hops.length === 0) {
    if (code && hops[0]?.mfaSerial === undefined) throw new XroleError("mfa-serial-missing", {});
    const dropped = withSerial.filter((hop) => hop !== hops[0]);
    for (const { profile } of dropped)
      warnings.push(
        `the mfa_serial of profile "${profile}" is not used: only the first role of a chain can take a code`,
      );
    return { hops: hops.map((hop, index) => (index === 0 ? hop : withoutMfa(hop))) };
  }
  // Only a user has an MFA device. Whether the environment or a process provides a user's keys shows only when they are used.
  if (!kindOf(source).mayBeLongTerm || source.temporary) throw new XroleError("mfa-without-keys", {});
  const [first] = withSerial;
  const serial = givenFor("mfaSerial", selected, options)[0];
  const mfaSerial = serial ? checked(serial, "mfaSerial") : first?.mfaSerial;
  if (mfaSerial === undefined) throw new XroleError("mfa-serial-missing", {});
  // Another device's command would print that device's codes.
  const ofSameDevice = withSerial.find((hop) => hop.mfaSerial === mfaSerial && hop.mfaProcess);
  const process = (selected && processFor(selected, mfaSerial)) ?? ofSameDevice?.mfaProcess;
  const from = serial?.where ?? first?.from ?? "";
  return {
    hops: hops.map(withoutMfa),
    mfaSession: { mfaSerial, ...(process !== undefined && { mfaProcess: process }), from },
  };
}

function withoutMfa(hop: Hop): Hop {
  const kept: Partial<Hop> & Omit<Hop, "mfaSerial" | "mfaProcess"> = { ...hop };
  const { mfaSerial, mfaProcess, ...rest } = kept;
  return mfaSerial === undefined && mfaProcess === undefined ? hop : rest;
}
