// What the error table says of one failure. In the executable this file and the table are a part of their own, which is loaded when
// the first error is made (scripts/build.mjs, LATER): a call that succeeds never loads it.
import type { Row } from "./row.ts";
import { TABLE, type ErrorCode } from "./table.ts";

/** The exit status and the text of an error. */
export interface Failure {
  readonly status: number;
  readonly message: string;
  readonly hint: string | undefined;
}

/** @param details of the code's own type, which XroleError's constructor checks */
export function failureOf(code: ErrorCode, details: unknown): Failure {
  const { status, or, message, hint } = TABLE[code] as Row<unknown>;
  return {
    status: or?.applies(details) === true ? or.status : status,
    message: typeof message === "string" ? message : message(details),
    hint: typeof hint === "function" ? hint(details) : hint,
  };
}
