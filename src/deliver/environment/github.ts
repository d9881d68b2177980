// Hands a role to the later steps of a GitHub Actions job: masks for its log, and variables in the file that GITHUB_ENV names
// (GitHub Docs, "Workflow commands for GitHub Actions").
import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import { variable, type Context } from "../../context/types.ts";
import { XroleError } from "../../errors/errors.ts";
import { readBytes, type Fail } from "../../util/files.ts";
import type { Changes } from "./environment.ts";

/** Bytes of the job's file. */
const JOB_LIMIT = 64 * 1024 * 1024;

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
  // A file that cannot be written to ends it before anything is masked.
  const start = endOfLine(file);
  const masks = SECRETS.flatMap((name) => set[name] ?? []).map((value) => `::add-mask::${escape(value)}\n`);
  await context.stdout.write(masks.join(""));
  try {
    appendFileSync(file, `${start}${Object.entries(set).map(heredoc).join("")}`);
  } catch (error) {
    throw new XroleError("output-failed", { problem: (error as Error).message }, { cause: error });
  }
}

/** A value ends at a line that nobody can have put into it. */
function heredoc([name, value]: readonly [string, string]): string {
  const end = `xrole_${randomUUID()}`;
  return `${name}<<${end}\n${value}\n${end}\n`;
}

/** The line end that an earlier writer left off. @throws XroleError `output-failed` */
function endOfLine(file: string): string {
  const fail: Fail = (problem, cause) => {
    throw new XroleError("output-failed", { problem: `GITHUB_ENV (${file}): ${problem}` }, { cause });
  };
  const last = readBytes(file, fail, { limit: JOB_LIMIT })?.at(-1);
  return last === undefined || last === 0x0a ? "" : "\n";
}

/** As the runner reads the data of a command. */
const escape = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
