// `xrole doctor`: every cause of docs/doctor.md, played in the sandbox; what it says there, and that doing what it says helps.
import { describe, expect, it } from "vitest";
import type { Cause, Fix } from "../../../src/doctor/types.ts";
import type { World } from "../../../src/sandbox/world/world.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secretsIn } from "../../harness/secrets.ts";
import { NAMED, OTHERS, SOURCES, UNSAID, WARNINGS, type Case } from "./cases.ts";
import { mended, worldWith } from "./world.ts";

interface Report {
  readonly profile: string;
  readonly status: number;
  readonly error?: { readonly code: string; readonly message: string };
  readonly steps: readonly { step: string; state: string; error?: object; causes?: readonly Cause[] }[];
}

/** Runs a script inside a sandbox that plays the world. */
async function inside(world: World, script: string, options: readonly string[] = []): Promise<Run> {
  const cwd = makeHome({ "world.json": JSON.stringify({ ...world, faults: undefined }) });
  const run = await xrole(["sandbox", "--data", "world.json", ...options, "--", "sh", "-c", script], { cwd });
  expect(secretsIn(run.stdout), "secrets on stdout").toEqual([]);
  return run;
}

const command = ({ before = "", words = "p" }: Case): string => `${before} xrole doctor ${words}`;

async function examine(one: Case, world: World): Promise<{ text: string; report: Report }> {
  const script = `${one.lines ?? ""}\n${command(one)}; echo "status $?"\n${command(one)} --json; echo "status $?"`;
  const run = await inside(world, script, one.options);
  expect(run.stderr).toBe("");
  const [text = "", status, json = "", again] = run.stdout.split(/^status (\d+)\n/m);
  expect([Number(status), Number(again)]).toEqual([one.status, one.status]);
  return { text, report: JSON.parse(json) as Report };
}

describe.each([
  ["where AWS does not say why", UNSAID],
  ["where AWS names the kind of policy", NAMED],
  ["at the source", SOURCES],
  ["on the way", OTHERS],
])("doctor %s", (_, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))("finds that %s", async (_, one) => {
    const world = worldWith(one.changes ?? {});
    const { text, report } = await examine(one, world);
    for (const part of [one.sign, ...one.prints]) expect(text).toContain(part);
    const states = [...text.matchAll(/^(ok|warning|failed|not reached) +(\S+(?: \d+| left| used| bundle)?)/gm)];
    const at = states.findIndex(([, state]) => state === "failed");
    expect(states[at]?.[2]).toBe(one.step);
    const after = states.slice(at + 1).filter(([, , step]) => step !== "cache");
    expect(after.length).toBeGreaterThan(0);
    expect(after.every(([, state]) => state === "not reached")).toBe(true);

    expect(report.status).toBe(one.status);
    expect(report.steps.map(({ step, state }) => [state, step])).toEqual(
      states.map(([, state, step]) => [state, step]),
    );
    const failed = report.steps[at];
    expect(failed?.error).toEqual(report.error);
    const causes = failed?.causes ?? [];
    const rank = causes.findIndex(({ cause }) => cause === one.cause?.[0]);
    if (one.cause) {
      expect(rank, JSON.stringify(causes.map(({ cause }) => cause))).toBeGreaterThanOrEqual(0);
      expect(rank).toBeLessThan(one.cause[1]);
    }
    if (one.mends === undefined) return;
    const isTyped = typeof one.mends === "object" && "words" in one.mends;
    const now = isTyped ? world : mend(world, one.mends, causes[rank]?.fixes ?? []);
    const again = isTyped ? { ...one, ...one.mends } : one;
    const healed = await inside(now, `${one.lines ?? ""}\n${command(again)}`, one.options);
    expect(healed.status, healed.stdout).toBe(0);
  });
});

/** The world after the user did what doctor printed. */
function mend(world: World, how: Exclude<Case["mends"], undefined | { words: string }>, fixes: readonly Fix[]): World {
  if (how === true) {
    const toDo = fixes.filter((fix) => fix.do === "add" || fix.do === "exempt");
    expect(toDo.length).toBeGreaterThan(0);
    return toDo.reduce(mended, world);
  }
  const set = fixes.find((fix) => fix.do === "set");
  const line = set?.line.replace(/<.*>/, how.value) ?? "";
  expect(line).not.toBe("");
  return mended(world, { do: "set", where: "", line: `${line}\n${how.more ?? ""}` });
}

describe("doctor warns", () => {
  it.each(WARNINGS.map((one) => [one.title, one] as const))("that %s, and goes on", async (_, one) => {
    const { text, report } = await examine(one, worldWith(one.changes ?? {}));
    for (const part of one.prints) expect(text).toContain(part);
    expect(text).toMatch(new RegExp(`^warning +${one.step} `, "m"));
    expect(report.steps.filter(({ state }) => state === "failed" || state === "not reached")).toEqual([]);
    expect(report.error).toBeUndefined();
  });
});

it("never has one verdict where AWS does not say", async () => {
  for (const one of UNSAID.slice(0, 3)) {
    const { report } = await examine(one, worldWith(one.changes ?? {}));
    const { causes = [] } = report.steps.find(({ state }) => state === "failed") ?? {};
    expect(causes.length).toBeGreaterThan(4);
    expect(causes.map(({ likelihood }) => likelihood)).not.toContain("named");
  }
});
