// Checks the MFA code of a request, in AWS's words.
import type { Identity } from "../world/identity.ts";
import type { Outgoing } from "../http-message.ts";
import { queryError } from "../services/xml.ts";

/** The refusal of SerialNumber and TokenCode; undefined if they are valid or absent. */
export function mfaRefusal({ device }: Identity, form: URLSearchParams, now: number): Outgoing | undefined {
  const serial = form.get("SerialNumber");
  const code = form.get("TokenCode");
  const failed = (how: string): Outgoing => queryError(403, "AccessDenied", `MultiFactorAuthentication failed${how}`);
  if (serial === null && code === null) return undefined;
  if (serial === null || code === null) return failed(", must provide both MFA serial number and one time pass code.");
  if (device?.serial !== serial)
    return failed(
      ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated with this user.",
    );
  return device.accepts(code, now) ? undefined : failed(" with invalid MFA one time pass code. ");
}
