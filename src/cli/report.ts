// Prints errors, in the forms that docs/contract.md promises. No other file does.
import { channel } from "node:diagnostics_channel";
import type { Context } from "../context/types.ts";
import { painter } from "../terminal/style.ts";
import { shellFailure } from "../deliver/environment/sh.ts";
import { visible, visibleJson } from "../terminal/visible.ts";
import { XroleError } from "../errors/error.ts";
import { STATUS } from "../errors/status.ts";

/** Where code that is loaded into this process learns of an error by its code and details: the tests (docs/architecture.md). */
const ERRORS = "xrole.error";

/**
 * Prints an error, and returns the exit status.
 * @param profiles how many profiles were named
 */
export async function report(
  context: Context,
  error: unknown,
  command: string | undefined,
  own: readonly string[],
  profiles = 0,
): Promise<number> {
  const failure =
    error instanceof XroleError
      ? error
      : new XroleError(
          "internal",
          { problem: error instanceof Error ? error.message : String(error) },
          { cause: error },
        );
  const { code, message, hint, status } = failure;
  channel(ERRORS).publish({ code, status, details: failure.details });
  const isOwnStatus = ([STATUS.cannotRun, STATUS.notFound, STATUS.interrupted] as number[]).includes(status);
  const isExec = command === "exec" && !isOwnStatus;
  const form = await formOfFailure(command, own, profiles);
  const text = form?.failure(status) ?? "";
  if (text !== "") await context.stdout.write(text).catch(() => undefined);
  // If a shell evaluates stdout, it must not see the text of an error.
  if (form?.isJson ?? own.includes("--json")) {
    await context.stdout.write(`${visibleJson({ error: { code, message, hint } })}\n`).catch(() => undefined);
  }
  // If the reader closed the pipe (`| true`), nothing more is printed, not even an error.
  const isClosedPipe =
    code === "output-failed" && (failure.cause as NodeJS.ErrnoException | undefined)?.code === "EPIPE";
  if (!isClosedPipe) {
    const paint = await painter(context, context.stderr, !own.includes("--no-color"));
    // With exec, all of xrole's failures have the same exit status, so the line names the code and its own status.
    const which = isExec ? ` (${code}, ${status})` : "";
    const lines = [`${paint.red("xrole:")} ${visible(message)}${which}`];
    if (hint !== undefined) lines.push(`  ${paint.dim("hint:")} ${visible(hint)}`);
    await context.stderr.write(lines.map((line) => `${line}\n`).join("")).catch(() => undefined);
  }
  return isExec ? STATUS.execFailed : status;
}

/** What is printed to stdout on failure, for commands whose stdout is evaluated. */
interface FailureForm {
  readonly isJson: boolean;
  readonly failure: (status: number) => string;
}

/** Undefined for commands whose stdout is for people, or is JSON only with `--json`. */
async function formOfFailure(
  command: string | undefined,
  own: readonly string[],
  profiles: number,
): Promise<FailureForm | undefined> {
  const sh: FailureForm = { isJson: false, failure: shellFailure };
  if (command === "serve") {
    const { settingsFailure, settingsForm } = await import("../deliver/endpoint/print-settings.ts");
    const form = settingsForm(lastOf("--print", own), profiles);
    return form === undefined ? sh : { isJson: form === "json", failure: (status) => settingsFailure(form, status) };
  }
  if (command !== "env") return undefined;
  // An unknown form is reported in the sh form.
  const name = lastOf("--format", own) ?? "sh";
  if (name === "sh") return sh;
  const { otherFormat } = await import("../deliver/environment/formats.ts");
  const { failure = shellFailure } = otherFormat(name) ?? {};
  return { isJson: name === "json", failure };
}

/** The value of an option, even if the command line could not be parsed. As with every option, the last one counts. */
function lastOf(option: string, own: readonly string[]): string | undefined {
  const given = own.flatMap((word, at) =>
    word.startsWith(`${option}=`) ? word.slice(option.length + 1) : own[at - 1] === option ? word : [],
  );
  return given.at(-1);
}
