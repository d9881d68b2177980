// What a role is called where it is held and kept: in XROLE_PROFILE, a prompt, the cache. A name must never be that of another identity.
import { variable, type Environment } from "../../context/types.ts";
import { adHocName } from "./ad-hoc-name.ts";
import type { RoleOptions } from "../options/role-options.ts";
import type { Plan } from "../types.ts";

/** Whether the default chain found something else than a profile. */
export const isProfileless = ({ from }: Plan["source"]): boolean => /^(AWS_\w+|default chain)$/.test(from);

/**
 * @param isHeld the role that the shell holds is used again: it keeps its name
 * @param roleArn the last role of the chain
 */
export function roleNameOf(
  request: { readonly profile?: string | undefined; readonly env: Environment; readonly options: RoleOptions },
  selected: string,
  source: Plan["source"],
  isHeld: boolean,
  roleArn: string | undefined,
): string | undefined {
  if (request.profile !== undefined && request.profile !== "") return request.profile;
  if (request.options.roleArn !== undefined && roleArn !== undefined) return adHocName(roleArn);
  if (isHeld) return variable(request.env, "XROLE_PROFILE");
  return isProfileless(source) ? undefined : selected;
}
