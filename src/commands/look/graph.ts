// `xrole graph`: all profiles as one graph of accounts and roles. A broken profile is told of on stderr and stops nobody.
import { graphOf } from "../../chain/graph.ts";
import { graphMermaid, graphText } from "../../chain/graph-text.ts";
import { matchesPattern } from "../../chain/pattern.ts";
import { loadConfig } from "../../config/load.ts";
import type { Context } from "../../context.ts";
import { visible } from "../../deliver/visible.ts";
import { XroleError } from "../../errors.ts";
import type { Invocation } from "../shared/prepare.ts";
import { profileRow } from "../shared/profile-row.ts";

const FORMS = { text: graphText, mermaid: graphMermaid };

export async function run(context: Context, { profile: pattern, options, warn }: Invocation): Promise<number> {
  const form = options.format ?? "text";
  if (form !== "text" && form !== "mermaid")
    throw new XroleError("usage", {
      problem: `--format ${String(form)} is not known`,
      hint: `known are ${Object.keys(FORMS).join(" and ")}`,
    });
  const config = loadConfig(context);
  const sections = [...config.profiles.values()].filter(({ name }) => matchesPattern(name, pattern));
  const rows = sections.map((section) => profileRow(context, config, section));
  if (rows.length === 0) warn(pattern === undefined ? "there are no profiles" : `no profile matches "${pattern}"`);
  for (const row of rows) if ("error" in row) warn(`profile "${row.section.name}" is left out: ${row.error.message}`);
  const graph = graphOf(rows.flatMap((row) => ("plan" in row ? [row.plan] : [])));
  await context.stdout.write(FORMS[form](graph, visible).split("\n").map(visible).join("\n"));
  return 0;
}
