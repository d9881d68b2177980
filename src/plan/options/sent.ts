// What is sent of a role's call. Both the cache key and the request are made from it, so that what is sent is in the key.
import type { Context } from "../../context/types.ts";
import type { WebIdentityCall } from "../sts-calls.ts";
import { roleOptionRows } from "./role-options.ts";

/**
 * The fields of a call that go to STS, with their values, in the order of the rows.
 * @param of AssumeRole, or `session` for AssumeRoleWithWebIdentity, which takes fewer
 */
export const sentOf = (call: WebIdentityCall, of: "hop" | "session"): [field: string, value: unknown][] =>
  roleOptionRows().flatMap(([name, { sent, of: only, field = name }]) =>
    sent && (of === "hop" || only !== "hop") ? [[field, call[field as keyof WebIdentityCall]]] : [],
  );

/**
 * The part of a cache key for what a call sends: the values of its first fields, and of the others those that it has, with their names.
 * A session name that xrole generated counts as the user: it holds the name of the host, which may change (rule 31).
 * @param first how many fields there were when the format of the key was made: another number makes every cached session useless
 */
export const sentInKey = (
  { caller }: Context,
  call: WebIdentityCall,
  of: "hop" | "session",
  first: number,
): unknown[] =>
  sentOf(call, of).flatMap(([field, value], index) => {
    const told = field === "sessionName" && call.sessionNameGenerated ? { user: caller().user } : value;
    return index < first ? [told] : told === undefined ? [] : [[field, told]];
  });
