// Prints what went wrong, in the forms that docs/contract.md promises: the one place that does.
import type { Context } from "./context.ts";
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
  if (command === "env") await context.stdout.write(shellFailure(status)).catch(() => undefined);
  if (own.includes("--json")) {
    const shown = { code, message: visible(message), hint: hint === undefined ? undefined : visible(hint) };
    await context.stdout.write(`${JSON.stringify({ error: shown })}\n`).catch(() => undefined);
  }
  // A reader that went away (`| true`) wants no more of xrole, not even an error.
  const isClosedPipe = code === "output-failed" && (failure.cause as NodeJS.ErrnoException).code === "EPIPE";
  if (!isClosedPipe) {
    const paint = await painter(context, own);
    // Under exec every failure of xrole's has one status, so the line says which it is.
    const which = isExec ? ` (${code}, ${status})` : "";
    const lines = [`${paint.red("xrole:")} ${visible(message)}${which}`];
    if (hint !== undefined) lines.push(`  ${paint.dim("hint:")} ${visible(hint)}`);
    await context.stderr.write(lines.map((line) => `${line}\n`).join("")).catch(() => undefined);
  }
  return isExec ? STATUS.execFailed : status;
}

/** Colours, for a terminal that wants them; chalk is loaded only then. */
async function painter(
  { env, stderr }: Context,
  own: readonly string[],
): Promise<Record<"red" | "dim", (text: string) => string>> {
  if (!stderr.isTerminal || env.NO_COLOR || own.includes("--no-color")) return { red: String, dim: String };
  const { Chalk } = await import("chalk");
  return new Chalk({ level: 1 });
}
