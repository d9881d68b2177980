// What the table of errors.ts says of one failure. The build puts this file, and with it the table, into a part of its own
// (scripts/build.mjs, LATER): a call that succeeds never loads it.
import { FAILURES, type ErrorCode, type Failure } from "./errors.ts";

/** @param details what the code's entry is told; XroleError's constructor holds its type */
export function failureOf(code: ErrorCode, details: unknown): Failure {
  return (FAILURES[code] as (at: unknown) => Failure)(details);
}
