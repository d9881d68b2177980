// The error that every failure a user can meet is thrown as.
import { withoutPasswords } from "./passwords.ts";
import type { DetailsOf, ErrorCode } from "./table.ts";
import { failureOf } from "./wording.ts";

/** A code with the details that its row of the table needs. */
type ErrorArguments = {
  [Code in ErrorCode]: [code: Code, details: DetailsOf<Code>, options?: { cause: unknown }];
}[ErrorCode];

/** A failure a user can meet: `code` is stable, `status` is the exit status, `hint` says what to do. */
export class XroleError extends Error {
  /** The bundle has this class twice, in the part that most calls use and in another one: both make the same errors. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "XroleError";
  }

  readonly code: ErrorCode;
  /** What the message was made from. */
  readonly details: unknown;
  readonly status: number;
  readonly hint: string | undefined;
  /** Whether the hint already names the lines that were meant as settings (lost.ts). */
  readonly isNaming: boolean = false;

  constructor(...[code, details, options]: ErrorArguments) {
    const shown = withoutPasswords(details);
    const failure = failureOf(code, shown);
    super(failure.message, options);
    this.name = "XroleError";
    this.code = code;
    this.details = shown;
    this.status = failure.status;
    this.hint = failure.hint;
  }
}

/**
 * The same error, made from a code and details that were stored or copied: nothing checks that they belong together.
 * @param details as `XroleError.details` of an error of this code
 */
export const sameError = (code: ErrorCode, details: unknown, cause?: unknown): XroleError =>
  new XroleError(...([code, details, ...(cause === undefined ? [] : [{ cause }])] as unknown as ErrorArguments));
