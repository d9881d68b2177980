// Reads the form parameters of AWS's query protocol, and reports invalid parameters in AWS's words.
import type { Outgoing } from "../http-message.ts";
import { queryError } from "./xml.ts";

export const invalid = (message: string): Outgoing => queryError(400, "ValidationError", message);

export function violates(name: string, value: string, constraint: string): Outgoing {
  return invalid(
    `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must ${constraint}`,
  );
}

/**
 * A list in the query protocol: `Name.member.1<field>`, `Name.member.2<field>`, ... If the list has more than `most` items, which
 * the caller rejects, one more is returned: each look-up searches the whole form.
 */
export function members(form: URLSearchParams, name: string, field: string, most: number): string[] {
  const found: string[] = [];
  for (let index = 1; index <= most + 1; index++) {
    const value = form.get(`${name}.member.${String(index)}${field}`);
    if (value === null) break;
    found.push(value);
  }
  return found;
}
