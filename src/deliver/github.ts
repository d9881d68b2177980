// Hands a role to the later steps of a GitHub Actions job: masks for its log, and variables in the file that GITHUB_ENV names
// (GitHub Docs, "Workflow commands for GitHub Actions").
import { randomUUID } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { variable, type Context } from "../context.ts";
import { XroleError } from "../errors.ts";
import type { Changes } from "./environment.ts";

const SECRETS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** The job's file. @throws XroleError `usage` where there is no job */
export function githubFile({ env }: Context): string {
  const file = variable(env, "GITHUB_ENV");
  if (env.GITHUB_ACTIONS !== "true" || file === undefined)
    throw new XroleError("usage", {
      problem:
        "--format github is for a step of a GitHub Actions job: GITHUB_ACTIONS is not true, or GITHUB_ENV is not set",
      hint: "elsewhere, use another --format, or xrole exec",
    });
  return file;
}

/**
 * Masks the secrets on stdout, and only then writes the variables.
 * @throws XroleError `variable-stays` when one is set that must go: the file can only set
 */
export async function handToJob(context: Context, { set, unset }: Changes): Promise<void> {
  const file = githubFile(context);
  const names = unset.filter((name) => context.env[name] !== undefined);
  if (names.length > 0) throw new XroleError("variable-stays", { names, where: "github" });
  const masks = SECRETS.flatMap((name) => set[name] ?? []).map((value) => `::add-mask::${escape(value)}\n`);
  await context.stdout.write(masks.join(""));
  try {
    appendFileSync(file, `${endOfLine(file)}${Object.entries(set).map(heredoc).join("")}`);
  } catch (error) {
    throw new XroleError("output-failed", { problem: (error as Error).message }, { cause: error });
  }
}

/** A value ends at a line that nobody can have put into it. */
function heredoc([name, value]: readonly [string, string]): string {
  const end = `xrole_${randomUUID()}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}

/** What an earlier writer left off. */
const endOfLine = (file: string): string =>
  ["\n", undefined].includes(readFileSync(file, "latin1").at(-1)) ? "" : "\n";

/** As the runner reads the data of a command. */
const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
