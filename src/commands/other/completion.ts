// `xrole completion`: the script by which a shell asks `xrole __complete` what can follow.
import type { Context } from "../../context.ts";
import bash from "../../cli/completion/xrole.bash";
import fish from "../../cli/completion/xrole.fish";
import powershell from "../../cli/completion/xrole.ps1";
import zsh from "../../cli/completion/xrole.zsh";
import { XroleError } from "../../errors.ts";
import type { Invocation } from "../shared/prepare.ts";

const SCRIPTS: Readonly<Record<string, string>> = { bash, zsh, fish, powershell };

export async function run(context: Context, { words: [shell = ""] }: Invocation): Promise<number> {
  const script = Object.hasOwn(SCRIPTS, shell) ? SCRIPTS[shell] : undefined;
  if (script === undefined)
    throw new XroleError("usage", {
      problem: `there is no completion for ${shell}`,
      hint: `known are ${Object.keys(SCRIPTS).join(", ")}`,
    });
  await context.stdout.write(script);
  return 0;
}
