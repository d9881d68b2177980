// Prints what went wrong, in the forms that docs/contract.md promises: the one place that does.
import type { Context } from "./context.ts";
import { painter } from "./deliver/paint.ts";
import { shellFailure } from "./deliver/shells.ts";
import { visible } from "./deliver/visible.ts";
import { STATUS, XroleError } from "./errors.ts";

/** Prints an error in the forms of docs/contract.md, and gives the status to end with. */
export async function report(
  context: Context,
  error: unknown,
  command: string | undefined,
  own: readonly string[],
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
  const isOwnStatus = ([STATUS.cannotRun, STATUS.notFound, STATUS.interrupted] as number[]).includes(status);
  const isExec = command === "exec" && !isOwnStatus;
  const format = command === "env" ? formatOf(own) : undefined;
  if (format !== undefined) {
    const text = await failureOfEnv(format, status);
    if (text !== "") await context.stdout.write(text).catch(() => undefined);
  }
  if (format === "json" || own.includes("--json")) {
    const shown = { code, message: visible(message), hint: hint === undefined ? undefined : visible(hint) };
    await context.stdout.write(`${JSON.stringify({ error: shown })}\n`).catch(() => undefined);
  }
  // A reader that went away (`| true`) wants no more of xrole, not even an error.
  const isClosedPipe = code === "output-failed" && (failure.cause as NodeJS.ErrnoException).code === "EPIPE";
  if (!isClosedPipe) {
    const paint = await painter(context, context.stderr, !own.includes("--no-color"));
    // Under exec every failure of xrole's has one status, so the line says which it is.
    const which = isExec ? ` (${code}, ${status})` : "";
    const lines = [`${paint.red("xrole:")} ${visible(message)}${which}`];
    if (hint !== undefined) lines.push(`  ${paint.dim("hint:")} ${visible(hint)}`);
    await context.stderr.write(lines.map((line) => `${line}\n`).join("")).catch(() => undefined);
  }
  return isExec ? STATUS.execFailed : status;
}

/** The form that `env` was asked for, whether or not its words made sense; the last one counts, as with every option. */
function formatOf(own: readonly string[]): string {
  const given = own.flatMap((word, at) =>
    word.startsWith("--format=") ? word.slice(9) : own[at - 1] === "--format" ? word : [],
  );
  return given.at(-1) ?? "sh";
}

/** What makes a script notice that evaluates what `env` prints; in the sh form for one that asked for what is not known. */
async function failureOfEnv(format: string, status: number): Promise<string> {
  if (format === "sh") return shellFailure(status);
  const { otherFormat } = await import("./deliver/formats.ts");
  return otherFormat(format)?.failure(status) ?? shellFailure(status);
}
