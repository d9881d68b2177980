// What is sent of a role's call, as parameters of STS: made from what the cache key is made from (plan/options/sent.ts).
import type { AssumeRoleCommandInput } from "@aws-sdk/client-sts";
import { ROLE_OPTION_FACTS, type RoleOptionFacts } from "../plan/options/role-option-facts.ts";
import { ROLE_OPTIONS, type RoleOption, type SentName } from "../plan/options/role-options.ts";
import { sentOf } from "../plan/options/sent.ts";
import type { Hop, WebIdentityCall } from "../plan/sts-calls.ts";

/** Which the rows name. A name that AssumeRole does not have does not compile. */
type Parameters = Pick<AssumeRoleCommandInput, RoleOptionFacts[SentName]["parameter"]>;

/** A list of structures needs the one field that each of them has; tags are keys and values, and need none. */
type Structure<Parameter extends keyof AssumeRoleCommandInput> =
  NonNullable<AssumeRoleCommandInput[Parameter]> extends readonly (infer One)[]
    ? One extends string | { readonly Key: unknown; readonly Value: unknown }
      ? { readonly parameter: Parameter; readonly each?: never }
      : { readonly each: keyof One }
    : { readonly parameter: Parameter; readonly each?: never };

/** Does not compile where `each` is missing, misspelt or too much: the SDK would send nothing, and say nothing. */
const FACTS = ROLE_OPTION_FACTS satisfies {
  readonly [Name in SentName]: Structure<RoleOptionFacts[Name]["parameter"]>;
};

/**
 * The parameters of a call.
 * @param of AssumeRole, or `session` for AssumeRoleWithWebIdentity
 */
export function parametersOf(call: Hop, of: "hop"): Parameters;
export function parametersOf(call: WebIdentityCall, of: "session"): Parameters;
export function parametersOf(call: WebIdentityCall, of: "hop" | "session"): Parameters {
  const values = new Map(sentOf(call, of));
  const parameters: Record<string, unknown> = {};
  for (const [name, facts] of Object.entries(FACTS)) {
    const { field = name }: RoleOption = ROLE_OPTIONS[name as SentName];
    const value = values.get(field);
    if (value === undefined || !("parameter" in facts)) continue;
    const { parameter, each }: { readonly parameter: string; readonly each?: string } = facts;
    parameters[parameter] = structured(value, each);
  }
  return parameters as Parameters;
}

/** STS has no maps, but lists of keys and values; and of some lists, each entry is a structure of one field. */
function structured(value: unknown, each: string | undefined): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => (each === undefined ? one : { [each]: one }));
  return typeof value === "object" && value !== null
    ? Object.entries(value).map(([Key, Value]: [string, unknown]) => ({ Key, Value }))
    : value;
}
