// `xrole graph`: draws all profiles as one graph of accounts and roles. A broken profile is left out with a warning.
import { graphOf } from "../../plan/show/graph.ts";
import { graphMermaid, graphText } from "../../plan/show/graph-text.ts";
import { loadConfig } from "../../config/load.ts";
import type { Context } from "../../context/types.ts";
import { visible } from "../../terminal/visible.ts";
import { profileRows } from "../shared/profile-row.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "graph",
  group: "Look",
  summary: "draw all profiles as one graph of accounts and roles",
  arguments: [["[pattern]", "part of a name, or a pattern with * and ?"]],
  options: [["--format <form>", "as", { choices: ["text", "mermaid"] }]],
  examples: [
    ["xrole graph", "each role once, with who leads to it and by which profile"],
    ["xrole graph --format mermaid 'prod-*' >roles.mmd", "for Markdown pages and https://mermaid.live"],
  ],
} as const satisfies Declaration;

const FORMS = { text: graphText, mermaid: graphMermaid };

export async function run(
  context: Context,
  { profile: pattern, options, warn }: Invocation<typeof declaration>,
): Promise<number> {
  const config = loadConfig(context);
  const rows = profileRows(context, config, pattern);
  if (rows.length === 0) warn(pattern === undefined ? "there are no profiles" : `no profile matches "${pattern}"`);
  for (const row of rows) if ("error" in row) warn(`profile "${row.section.name}" is left out: ${row.error.message}`);
  const graph = graphOf(rows.flatMap((row) => ("plan" in row ? [row.plan] : [])));
  await context.stdout.write(FORMS[options.format ?? "text"](graph, visible).split("\n").map(visible).join("\n"));
  return 0;
}
