// Warnings and --debug: what a user is told on stderr while the work goes on.
import type { Context } from "../context/types.ts";
import { visible } from "../terminal/visible.ts";
import { withoutPassword } from "../errors/passwords.ts";

/** Tells the user something on stderr that stops nothing. */
export function say({ stderr }: Context, kind: "warning" | "debug", text: string): void {
  // Nothing waits for it, and a stderr that cannot be written to has nobody to tell.
  stderr.write(`xrole: ${kind}: ${visible(withoutPassword(text))}\n`).catch(() => undefined);
}
