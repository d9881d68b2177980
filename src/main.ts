// The entry point of the executable: builds the context of this process, runs the command line, and sets the exit status. The commands
// that scripts call in a loop are bundled with this file; everything else is loaded when it is needed (scripts/build.mjs).
import { plainForm, type PlainForm } from "./cli/argv.ts";
import { run as credentialProcess } from "./commands/use/credential-process.ts";
import { run as env } from "./commands/use/env.ts";
import { run as exec } from "./commands/use/exec.ts";
import { processContext } from "./context/process.ts";
import type { Context } from "./context/types.ts";
import type { Ending } from "./deliver/run/child.ts";
import { endBySignal } from "./deliver/run/signals.ts";
import { say } from "./cli/say.ts";

const PLAIN = { exec, env, "credential-process": credentialProcess };

// Suppresses Node's warning that execve is experimental, which does not concern users.
const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
process.emitWarning = (...args: unknown[]): void => {
  if (!String(args[0]).includes("process.execve")) emitWarning(...args);
};

// By default, Node opens its debugger's port at this signal, and other programs could read secrets through it.
process.on("SIGUSR1", () => undefined);

void main(processContext(), process.argv.slice(2));

async function main(context: Context, words: readonly string[]): Promise<void> {
  const form = plainForm(words);
  const ending = form ? await runPlain(context, form, words) : await (await import("./cli/run.ts")).run(context, words);
  if (typeof ending === "string") endBySignal(ending);
  else process.exitCode = ending;
}

/** Runs a command that needs no option parser. */
async function runPlain(to: Context, { name, profile, command }: PlainForm, words: readonly string[]): Promise<Ending> {
  const warn = (warning: string): void => say(to, "warning", warning);
  try {
    return await PLAIN[name](to, {
      profile,
      words: profile === undefined ? [] : [profile],
      options: {},
      command,
      warn,
    });
  } catch (error) {
    const { report } = await import("./cli/run.ts");
    return report(to, error, name, words);
  }
}
