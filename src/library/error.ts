// The error class that programs see: the same errors as on the command line, but with the names of the library's options.
import type { XroleError as Told } from "../errors/error.ts";
import type { ErrorCode } from "../errors/table.ts";
import { visible } from "../terminal/visible.ts";
import { OPTION_OF_FLAG } from "./options.ts";

export class XroleError extends Error {
  /** Holds for errors of either copy: a program may load the library twice, as an ES module and as CommonJS. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "XroleError";
  }

  /** What Node prints of an error begins with the name of its class, which the build shortens. */
  static override readonly name = "XroleError";

  override readonly name = "XroleError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly status: number;

  /** Without a cause: programs print whole errors, and AWS's own errors may contain session tokens (sts/failure.ts). */
  constructor({ code, message, hint, status }: Told) {
    super(inOptions(visible(message)));
    this.code = code;
    this.hint = hint === undefined ? undefined : inOptions(visible(hint));
    this.status = status;
  }
}

/** The text with the options of the command line replaced by those of the library. */
export function inOptions(text: string): string {
  return text.replace(/\bcommand line\b/g, "options").replace(/--[a-z-]+/g, (flag) => OPTION_OF_FLAG[flag] ?? flag);
}
