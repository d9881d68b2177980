// Gets the code of an MFA device: from the command line, from mfa_process, or from the user at the terminal; in a program, from it.
import { checkedCode, isMfaCode, withoutBlanks } from "../plan/options/limits.ts";
import { option } from "../plan/options/given.ts";
import { shellSyntax } from "../config/parse/shell-syntax.ts";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/errors.ts";
import { captureOutput, commandWords } from "../sources/capture.ts";
import type { MfaCode } from "../sts/types.ts";
import { AnsweredElsewhere } from "./cache/waiting.ts";

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

export interface Using<Result> {
  /** The call that the code is for. */
  readonly send: (mfa: MfaCode) => Promise<Result>;
  /** Fires when another process has obtained what the code is for: nobody need give it any more. */
  readonly answered: AbortSignal;
}

/** How many codes of one user AWS is asked about. */
const TRIES = 3;

/**
 * What `send` makes of a code. A user at the terminal is asked again: for what is no code as often as it takes, since AWS need not
 * see it; for a code that AWS refused three times in all. A program is asked once.
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
    // A program may give anything.
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
    // The arguments may hold a secret of the user's.
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

/** What `asked` comes to; nobody waits for it any more when `answered` fires. */
function unlessAnswered<Result>(asked: Promise<Result>, answered: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    // The signal is of this one question.
    answered.addEventListener("abort", () => reject(new AnsweredElsewhere()), { once: true });
    asked.then(resolve, reject);
  });
}
