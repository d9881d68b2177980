// Lists the actions for session tags and source identities, which both accounts must allow besides sts:AssumeRole.
// Sources: "Pass session tags" and "Monitor and control actions taken with assumed roles" in the IAM User Guide.
import { oneOrMore } from "./document.ts";
import type { SetupRequest } from "../types.ts";

/** Undefined if sts:AssumeRole is enough. */
export function sessionActions({
  allowTags,
  allowSourceIdentity,
}: Pick<SetupRequest, "allowTags" | "allowSourceIdentity">): string | readonly string[] | undefined {
  const actions = [...(allowTags ? ["sts:TagSession"] : []), ...(allowSourceIdentity ? ["sts:SetSourceIdentity"] : [])];
  return actions.length > 0 ? oneOrMore(actions) : undefined;
}
