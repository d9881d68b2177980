// Prints warnings and --debug lines on stderr.
import type { Context } from "../context/types.ts";
import { visible } from "../terminal/visible.ts";
import { withoutPassword } from "../errors/passwords.ts";

/** Prints a line on stderr. The command continues. */
export function say({ stderr }: Context, kind: "warning" | "debug", text: string): void {
  // Not awaited, and if stderr cannot be written to, there is nowhere to report it.
  stderr.write(`xrole: ${kind}: ${visible(withoutPassword(text))}\n`).catch(() => undefined);
}
