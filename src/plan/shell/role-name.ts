// Decides the name of a role in XROLE_PROFILE, prompts and the cache. A name must never mean another identity.
import { variable, type Environment } from "../../context/types.ts";
import { adHocName } from "./ad-hoc-name.ts";
import type { RoleOptions } from "../options/role-options.ts";

/**
 * @param isProfileless whether the default chain found credentials outside of any profile
 * @param isHeld whether the role in this shell is used again, and so keeps its name
 * @param roleArn the last role of the chain
 */
export function roleNameOf(
  request: { readonly profile?: string | undefined; readonly env: Environment; readonly options: RoleOptions },
  selected: string,
  isProfileless: boolean,
  isHeld: boolean,
  roleArn: string | undefined,
): string | undefined {
  if (request.profile !== undefined && request.profile !== "") return request.profile;
  if (request.options.roleArn !== undefined && roleArn !== undefined) return adHocName(roleArn);
  if (isHeld) return variable(request.env, "XROLE_PROFILE");
  return isProfileless ? undefined : selected;
}
