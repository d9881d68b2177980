// Passes a role to the later steps of a GitHub Actions job: masks the secrets in the log, and writes variables to the file that
// GITHUB_ENV names (GitHub Docs, "Workflow commands for GitHub Actions").
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { variable, type Context } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import { readBytes, type Fail } from "../../util/files.ts";
import type { Changes } from "./environment.ts";

/** The largest size of the job's file, in bytes. */
const JOB_LIMIT = 64 * 1024 * 1024;

const SECRETS = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"];

/** The path of the job's file. @throws XroleError `usage` outside of a job */
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
 * Masks the secrets on stdout first, and then writes the variables.
 * @throws XroleError `variable-stays` if a variable would have to be removed: the file can only set variables
 */
export async function handToJob(context: Context, { set, unset }: Changes): Promise<void> {
  const file = githubFile(context);
  const names = unset.filter((name) => context.env[name] !== undefined);
  if (names.length > 0) throw new XroleError("variable-stays", { names, where: "github" });
  // Checks the file first: if it is not writable, nothing is masked.
  const start = endOfLine(file);
  const masks = SECRETS.flatMap((name) => set[name] ?? []).map((value) => `::add-mask::${escape(value)}\n`);
  await context.stdout.write(masks.join(""));
  try {
    appendFileSync(file, `${start}${Object.entries(set).map(heredoc).join("")}`);
  } catch (error) {
    throw new XroleError("output-failed", { problem: (error as Error).message }, { cause: error });
  }
}

/** The end of a value is marked by a line that nobody can have put into it. */
function heredoc([name, value]: readonly [string, string]): string {
  const end = `xrole_${randomUUID()}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}

/** The line ending that an earlier writer left out. @throws XroleError `output-failed` */
function endOfLine(file: string): string {
  const fail: Fail = (problem, cause) => {
    throw new XroleError("output-failed", { problem: `GITHUB_ENV (${file}): ${problem}` }, { cause });
  };
  const last = readBytes(file, fail, { limit: JOB_LIMIT })?.at(-1);
  return last === undefined || last === 0x0a ? "" : "\n";
}

/** Escapes a value in the way that the runner decodes it. */
const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
