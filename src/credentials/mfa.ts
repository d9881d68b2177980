// Gets the code of an MFA device: from --mfa-code, from mfa_process, from the user at the terminal, or from the program that uses
// the library.
import { checkedCode, isMfaCode, withoutBlanks } from "../plan/options/limits.ts";
import { option } from "../plan/options/given.ts";
import { shellSyntax } from "../config/parse/shell-syntax.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { captureOutput, commandWords } from "../sources/capture-output.ts";
import type { MfaCode } from "../sts/types.ts";
import { AnsweredElsewhere } from "./cache/waiting.ts";

export interface Device {
  readonly mfaSerial: string;
  readonly mfaProcess?: string | undefined;
  /** The location of the setting that names the device. */
  readonly from: string;
}

/** Asks a program for a code; `where` is the location of the setting that names the device. */
export type AskMfaCode = (serial: string, where: string) => Promise<string>;

/** Where a code can come from, besides mfa_process: --mfa-code, or a function of the program. */
export interface CodeSource {
  readonly mfaCode?: string | undefined;
  readonly askMfaCode?: AskMfaCode | undefined;
}

export interface Using<Result> {
  /** Sends the request that needs the code. */
  readonly send: (mfa: MfaCode) => Promise<Result>;
  /** Fires when another process has obtained the result: the code is no longer needed. */
  readonly answered: AbortSignal;
}

/** How many codes from one user are sent to AWS. */
const TRIES = 3;

/**
 * Gets a code and passes it to `send`. A user at the terminal is asked again: without limit if the text is not a code, which AWS
 * need not see; and up to three times in all if AWS refuses the code. A program is asked once.
 * @throws XroleError `mfa-*`, and what `send` throws; AnsweredElsewhere
 */
export async function withMfaCode<Result>(
  context: Context,
  { mfaSerial: serial, mfaProcess, from }: Device,
  { mfaCode, askMfaCode }: CodeSource,
  { send, answered }: Using<Result>,
): Promise<Result> {
  const told = option("--mfa-code", mfaCode);
  if (told) return send({ serial, code: checkedCode(told) });
  if (mfaProcess !== undefined) return send({ serial, code: await codeOfProcess(context, mfaProcess, from, answered) });
  if (askMfaCode) {
    // A program may return anything.
    const given: unknown = await unlessAnswered(askMfaCode(serial, from), answered);
    return send({ serial, code: checkedCode({ value: String(given), where: from, name: "the MFA code" }) });
  }
  let before = "";
  for (let sent = 0; ;) {
    const typed = await context.ask(`${before}MFA code for ${serial}: `, answered);
    if (answered.aborted) throw new AnsweredElsewhere();
    if (typed === undefined) throw new XroleError("mfa-needed", { where: from, serial });
    const code = withoutBlanks(typed);
    if (!isMfaCode(code)) {
      before = "A code has six digits. ";
      continue;
    }
    try {
      return await send({ serial, code });
    } catch (error) {
      if (!(error instanceof XroleError) || error.code !== "mfa-refused" || ++sent === TRIES) throw error;
      before = "That code was refused. ";
    }
  }
}

async function codeOfProcess(context: Context, command: string, where: string, answered: AbortSignal): Promise<string> {
  const { words, problem: fault } = commandWords(command);
  const fail = (problem: string): never => {
    // The arguments may contain a secret.
    throw new XroleError("mfa-process", { where, command: words[0] ?? "", problem, syntax: shellSyntax(command) });
  };
  if (fault !== undefined) return fail(fault);
  context.debug("running mfa_process");
  const { stdout, problem } = await captureOutput(context, words, answered);
  if (answered.aborted) throw new AnsweredElsewhere();
  if (problem !== undefined) fail(problem);
  const code = withoutBlanks(stdout);
  return isMfaCode(code) ? code : fail("it did not print a code of six digits");
}

/** Resolves with the result of `asked`; stops waiting when `answered` fires. */
function unlessAnswered<Result>(asked: Promise<Result>, answered: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    // The signal belongs to this question alone, so the listener need not be removed.
    answered.addEventListener("abort", () => reject(new AnsweredElsewhere()), { once: true });
    asked.then(resolve, reject);
  });
}
