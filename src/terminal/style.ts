// Colours text, if the output is a terminal and the user wants colours; chalk is loaded only then. Words carry the meaning; colours
// repeat it.
import type { Context, Output } from "../context/types.ts";

export type Paint = Readonly<Record<"red" | "yellow" | "green" | "dim", (text: string) => string>>;

const PLAIN: Paint = { red: String, yellow: String, green: String, dim: String };

/** @param isWanted false with --no-color */
export async function painter({ env }: Pick<Context, "env">, to: Output, isWanted: boolean): Promise<Paint> {
  if (!to.isTerminal || env.NO_COLOR || !isWanted) return PLAIN;
  const { Chalk } = await import("chalk");
  return new Chalk({ level: 1 });
}
