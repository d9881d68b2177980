// `--pick`: lets the user choose the profile from a list on the terminal, before the command runs.
import { describeSource, planAccount, planRole } from "../plan/show/describe.ts";
import { selectedName } from "../plan/plan.ts";
import { loadConfig } from "../config/load.ts";
import type { Context } from "../context/types.ts";
import { formatTable } from "../terminal/table.ts";
import { visible } from "../terminal/visible.ts";
import { XroleError } from "../errors/error.ts";
import { profileRows, type Row } from "../commands/shared/profile-row.ts";

/** The name of the profile. @throws XroleError `usage`, `pick-cancelled` */
export async function pickProfile(context: Context, profile: string | undefined, hasColor: boolean): Promise<string> {
  const wrong = (problem: string, hint: string): never => {
    throw new XroleError("usage", { problem, hint });
  };
  if (profile !== undefined)
    wrong(`--pick chooses the profile, and "${profile}" names one`, "leave either out; a command comes after --");
  const config = loadConfig(context);
  const rows = profileRows(context, config);
  if (rows.length === 0) wrong("there is no profile to choose from", "add one to ~/.aws/config");
  const labels = formatTable(["", "", ""], rows.map(cells)).split("\n").slice(1);
  const { env } = context;
  const picked = await context.choose({
    question: "Profile:",
    choices: rows.map(({ section: { name } }, index) => ({
      value: name,
      label: labels[index] ?? "",
      short: visible(name),
    })),
    preferred: selectedName(undefined, env).name,
    isColored: hasColor && !env.NO_COLOR && env.TERM !== "dumb",
  });
  return picked ?? wrong("--pick needs a terminal", "name a profile; `xrole list` shows them");
}

function cells(row: Row): string[] {
  const { name } = row.section;
  if ("error" in row) return [name, "", `error: ${row.error.message}`];
  const { plan } = row;
  const role = planRole(plan)?.replace(/^.*:role\//, "");
  return [name, planAccount(plan) ?? "", role ?? describeSource(plan.source)];
}
