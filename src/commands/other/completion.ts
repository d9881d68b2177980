// `xrole completion`: prints the completion script of a shell, which calls `xrole __complete`.
import type { Context } from "../../context/types.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "completion",
  group: "Other",
  summary: "print the script by which a shell completes xrole's words",
  arguments: [["<shell>", "the shell", { choices: ["bash", "zsh", "fish", "powershell"] }]],
  options: [],
  examples: [
    ['eval "$(xrole completion bash)"', "in ~/.bashrc; likewise zsh, in ~/.zshrc after compinit"],
    ["xrole completion fish | source", "in ~/.config/fish/config.fish"],
  ],
} as const satisfies Declaration;

const SCRIPTS = {
  bash: () => import("../../cli/completion/xrole.bash"),
  zsh: () => import("../../cli/completion/xrole.zsh"),
  fish: () => import("../../cli/completion/xrole.fish"),
  powershell: () => import("../../cli/completion/xrole.ps1"),
};

export async function run(context: Context, { words: [shell] }: Invocation<typeof declaration>): Promise<number> {
  const { default: script } = await SCRIPTS[shell]();
  await context.stdout.write(script);
  return 0;
}
