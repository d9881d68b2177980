// Gets the code of an MFA device: from the command line, from mfa_process, or from the user at the terminal; in a program, from it.
import { checked, isMfaCode, option } from "../chain/limits.ts";
import { splitWords } from "../config/words.ts";
import type { Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import { captureOutput } from "../sources/capture.ts";
import type { MfaCode } from "../sts/client.ts";

export interface Device {
  readonly mfaSerial: string;
  readonly mfaProcess?: string | undefined;
  /** The place that names it. */
  readonly from: string;
}

/** A program's own way to a code; `where` is the place that names the device. */
export type AskMfaCode = (serial: string, where: string) => Promise<string>;

/** What there is beside mfa_process: the code of --mfa-code, or a program that gives one. */
export interface CodeSource {
  readonly mfaCode?: string | undefined;
  readonly askMfaCode?: AskMfaCode | undefined;
}

/** How often a user may mistype. */
const TRIES = 3;

/**
 * What `use` makes of a code. A user at the terminal who mistyped is asked again, three times in all; a program once.
 * @throws XroleError `mfa-*`, and what `use` throws
 */
export async function withMfaCode<Result>(
  context: Context,
  { mfaSerial: serial, mfaProcess, from }: Device,
  { mfaCode, askMfaCode }: CodeSource,
  use: (mfa: MfaCode) => Promise<Result>,
): Promise<Result> {
  const code = option("--mfa-code", mfaCode);
  if (code) return use({ serial, code: checked(code, "mfaCode") });
  if (mfaProcess !== undefined) return use({ serial, code: await codeOfProcess(context, mfaProcess, from) });
  if (askMfaCode) {
    const given = { value: await askMfaCode(serial, from), where: from, name: "the MFA code" };
    return use({ serial, code: checked(given, "mfaCode") });
  }
  for (let attempt = 1; ; attempt++) {
    const typed = (
      await context.ask(`${attempt > 1 ? "That code was refused. " : ""}MFA code for ${serial}: `)
    )?.trim();
    if (typed === undefined) throw new XroleError("mfa-needed", { where: from, serial });
    try {
      // What is no code need not be sent to be refused.
      if (!isMfaCode(typed)) throw new XroleError("mfa-refused", { serial, detail: "", isMistyped: true });
      return await use({ serial, code: typed });
    } catch (error) {
      if (!(error instanceof XroleError) || error.code !== "mfa-refused" || attempt === TRIES) throw error;
    }
  }
}

async function codeOfProcess(context: Context, command: string, where: string): Promise<string> {
  const fail = (problem: string): never => {
    throw new XroleError("mfa-process", { where, problem });
  };
  const words = splitWords(command);
  if (!words || words.length === 0) return fail("a quote is not closed");
  context.debug("running mfa_process");
  const { stdout, problem } = await captureOutput(context, words);
  if (problem !== undefined) fail(problem);
  const code = stdout.trim();
  return isMfaCode(code) ? code : fail("it did not print a code of six digits");
}
