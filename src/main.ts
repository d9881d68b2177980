// Builds the context of this process, runs the command line, and ends as it says.
import { run } from "./cli.ts";
import { processContext } from "./context.ts";
import { endBySignal } from "./deliver/child.ts";

// The SDK warns on Node 20 that it will drop it. That is for xrole's developers to know, not for a user's stderr; and a
// variable that silences it would be inherited by the command that xrole runs.
const emitWarning = process.emitWarning.bind(process) as (...args: unknown[]) => void;
process.emitWarning = (...args: unknown[]): void => {
  if (!String(args[0]).includes("AWS SDK for JavaScript")) emitWarning(...args);
};

const ending = await run(processContext(), process.argv.slice(2));
if (typeof ending === "string") endBySignal(ending);
else process.exitCode = ending;
