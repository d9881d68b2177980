// `xrole sandbox`: runs a command with a loopback stand-in for AWS, or keeps it running and prints the variables to export.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Context } from "../../context/types.ts";
import { runChild, type Ending } from "../../deliver/run/child.ts";
import { findCommand } from "../../deliver/run/command.ts";
import { applyChanges, type Changes } from "../../deliver/environment/environment.ts";
import { shellStatements } from "../../deliver/environment/sh.ts";
import { waitForStop } from "../../deliver/run/signals.ts";
import { XroleError } from "../../errors/error.ts";
import { readText, type Fail } from "../../util/files.ts";
import { EXAMPLE } from "../../sandbox/world/example.ts";
import { FAULT_KINDS, parseFault, type Fault } from "../../sandbox/world/fault.ts";
import { parseWorld } from "../../sandbox/world/parse-world.ts";
import { MFA_PATH, setUpFailure, startSandbox, type Sandbox } from "../../sandbox/start.ts";
import { LONGEST_OFFSET, type World } from "../../sandbox/world/world.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "sandbox",
  group: "Services",
  summary: "a loopback stand-in for EC2, ECS, STS and S3",
  arguments: [],
  runsCommand: true,
  options: [
    ["--data <file>", "accounts, roles and buckets to play (JSON); without it, the example"],
    [
      "--fault <fault>",
      "throttle, unavailable, slow, denied, expired; instance.slow:2 for another service, twice",
      { repeatable: true, parse: readFault },
    ],
    [
      "--longest-session <time>",
      "sessions live this long at most: 65s, to rehearse renewal",
      { parse: (text: string) => readTime("--longest-session", text, 1) },
    ],
    [
      "--clock-offset <time>",
      "its clock is ahead by 20m, or behind by -1h",
      { parse: (text: string) => readTime("--clock-offset", text) },
    ],
  ],
  examples: [
    ["xrole sandbox --fault throttle:2 -- xrole env b-s3", "rehearse an STS that throttles twice"],
    ["xrole sandbox -- bash", "a shell inside it; try `xrole exec b-s3 -- aws s3 ls s3://b-s3-bucket/`"],
    ["xrole sandbox", "stay up, and print the exports to use"],
  ],
} as const satisfies Declaration;

/** Bytes of a file of --data. */
const DATA_LIMIT = 16 * 1024 * 1024;

export async function run(context: Context, { options, command }: Invocation<typeof declaration>): Promise<Ending> {
  const base = options.data !== undefined ? readWorld(context, options.data) : EXAMPLE;
  const { fault: faults = [], clockOffset, longestSession } = options;
  const world = {
    ...base,
    faults: [...(base.faults ?? []), ...faults],
    ...(clockOffset !== undefined && { clockOffset }),
    ...(longestSession !== undefined && { longestSession }),
  };
  const sandbox = await startSandbox(world, context);
  try {
    const changes = changesFor(context, sandbox);
    if (command[0] !== undefined) {
      const home = { HOME: sandbox.home, PATH: await pathWithXrole(context, sandbox).catch(rethrow) };
      const env = applyChanges(context.env, { ...changes, set: { ...changes.set, ...home } });
      const path = findCommand({ ...context, env }, command[0]);
      return await runChild(context, path, command, env);
    }
    const stopped = waitForStop();
    await context.stdout.write(shellStatements(changes));
    await context.stderr.write(`The sandbox is up. Evaluate the lines above in a shell; Ctrl-C ends it.\n`);
    await stopped;
    return 0;
  } finally {
    await sandbox.close();
  }
}

function rethrow(error: unknown): never {
  throw setUpFailure(error);
}

function readWorld({ cwd }: Context, file: string): World {
  const fail: Fail = (problem, cause) => {
    throw new XroleError("sandbox-data", { file, problem }, { cause });
  };
  return parseWorld(readText(resolve(cwd, file), fail, { limit: DATA_LIMIT }) ?? fail("there is no such file"), file);
}

/** @throws XroleError `usage` */
function readFault(text: string): Fault {
  const fault = parseFault(text);
  if (fault) return fault;
  const hint = `known are ${FAULT_KINDS.join(", ")}, as in --fault throttle:2 or --fault instance.slow:1`;
  throw new XroleError("usage", { problem: `--fault ${text} is not known`, hint });
}

/** Seconds, at least `least` and no more than a date can hold. @throws XroleError `usage` */
function readTime(option: string, text: string, least = -LONGEST_OFFSET): number {
  const [, sign, digits, unit] = /^([+-]?)(\d+)([smh]?)$/.exec(text) ?? [];
  if (digits === undefined)
    throw new XroleError("usage", { problem: `${option} ${text} is not a time`, hint: "such as 20m or -1h" });
  const seconds = Number(`${sign ?? ""}${digits}`) * (unit === "h" ? 3600 : unit === "m" ? 60 : 1);
  if (seconds < least || seconds > LONGEST_OFFSET)
    throw new XroleError("usage", {
      problem: `${option} ${text} is out of range`,
      hint: least > 0 ? "at least 1s" : "a hundred years at most, either way",
    });
  return seconds;
}

/** Sets the sandbox's variables and removes all others of AWS and xrole, so that the caller's identity stays outside. */
function changesFor({ env }: Context, { environment }: Sandbox): Changes {
  const foreign = Object.keys(env).filter((name) => /^(AWS|XROLE)_/.test(name) && !name.startsWith("XROLE_TEST_"));
  return { set: environment, unset: foreign.filter((name) => !(name in environment)) };
}

/** PATH with this xrole in front, so that a shell in the sandbox finds it even if it is not installed. */
async function pathWithXrole({ env, executable, platform }: Context, { home }: Sandbox): Promise<string> {
  if (platform === "win32") return env.PATH ?? "";
  const folder = join(home, "bin");
  await mkdir(folder, { recursive: true });
  const [node, script] = executable.map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  await writeFile(join(folder, "xrole"), `#!/bin/sh\nexec ${node ?? ""} ${script ?? ""} "$@"\n`);
  await chmod(join(folder, "xrole"), 0o755);
  const ask = `fetch(process.env.XROLE_SANDBOX_URL+"${MFA_PATH}"+process.argv[1]).then(r=>r.ok?r.text():"").then(t=>console.log(t))`;
  await writeFile(join(folder, "sandbox-mfa-code"), `#!/bin/sh\nexec ${node ?? ""} -e '${ask}' "$1"\n`);
  await chmod(join(folder, "sandbox-mfa-code"), 0o755);
  return `${folder}:${env.PATH ?? "/usr/local/bin:/usr/bin:/bin"}`;
}
