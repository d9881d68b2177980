// The rows of the role options: what all of them must have. The compiler checks the facts and the library's types.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import { KNOWN_SETTINGS } from "../../../../src/plan/edited/known-settings.ts";
import { ROLE_OPTION_FACTS } from "../../../../src/plan/options/role-option-facts.ts";
import { flagOf, roleOptionRows } from "../../../../src/plan/options/role-options.ts";
import { sentInKey, sentOf } from "../../../../src/plan/options/sent.ts";
import type { Hop } from "../../../../src/plan/sts-calls.ts";
import { parametersOf } from "../../../../src/sts/parameters.ts";

const ROOT = resolve(import.meta.dirname, "../../../..");
/** The pages about roles and their profiles. */
const PAGES = ["roles.md", "configure.md", "rules.md", "console.md"]
  .map((page) => readFileSync(join(ROOT, "docs", page), "utf8"))
  .join("\n");
const HOP: Hop = {
  profile: "p",
  roleArn: "arn:aws:iam::222222222222:role/p",
  sessionName: "alice",
  sessionNameGenerated: true,
  mfaProcess: "op read code",
  from: "config:2",
};

describe("the rows of the role options", () => {
  it("begin as the cache key does, in which what was first has no name", () => {
    const first = ["roleArn", "sessionName", "externalId", "duration", "mfaSerial", "sourceIdentity", "tag"];
    const names = roleOptionRows().map(([name]) => name);
    expect(names.slice(0, 10), "a new row comes last").toEqual([...first, "transitiveTag", "policy", "policyArn"]);
  });

  it.each(roleOptionRows())("have a value in help for %s, unless it is a flag", (name, { type }) => {
    expect("value" in ROLE_OPTION_FACTS[name]).toBe(type !== "flag");
  });

  it.each(roleOptionRows().filter(([, { setting }]) => setting !== undefined))(
    "have for %s a setting that is known, and in the documentation",
    (_, { setting = "" }) => {
      expect(KNOWN_SETTINGS).toContain(setting);
      expect(PAGES.includes(setting), `docs/roles.md: write what ${setting} does`).toBe(true);
    },
  );

  it.each(roleOptionRows())("have %s in docs/library.md, by its name there", (name, { field = name }) => {
    const page = readFileSync(join(ROOT, "docs/library.md"), "utf8");
    expect(page.includes(`\`${field}\``), `docs/library.md: write what ${field} does`).toBe(true);
  });

  it.each(roleOptionRows())("have %s in the documentation", (name) => {
    expect(PAGES.includes(`\`${flagOf(name)}`), `docs/roles.md: write what ${flagOf(name)} does`).toBe(true);
  });
});

describe("what is sent", () => {
  it("is in the cache key with its name, where it came after the format of the key", () => {
    const context = { caller: () => ({ user: "alice", host: "laptop" }) } as unknown as Context;
    const key = (hop: Hop): unknown[] => sentInKey(context, hop, "hop", 2);
    expect(key(HOP)).toEqual([HOP.roleArn, { user: "alice" }]);
    expect(key({ ...HOP, sourceIdentity: "bob" })).toEqual([...key(HOP), ["sourceIdentity", "bob"]]);
  });

  it("is the role and the session name alone for a hop with nothing else", () => {
    expect(sentOf(HOP, "hop").filter(([, value]) => value !== undefined)).toEqual([
      ["roleArn", HOP.roleArn],
      ["sessionName", "alice"],
    ]);
    expect(parametersOf(HOP, "hop")).toEqual({ RoleArn: HOP.roleArn, RoleSessionName: "alice" });
  });

  it.each(roleOptionRows().filter(([, { sent }]) => sent !== undefined))(
    "has the parameter of %s, for AssumeRoleWithWebIdentity only where that has it",
    (name, { of, field = name }) => {
      const hop = { ...HOP, [field]: "value" };
      const isOfBoth = of !== "hop";
      const facts = ROLE_OPTION_FACTS[name];
      const parameter = "parameter" in facts ? facts.parameter : "";
      expect(parametersOf(hop, "hop")).toHaveProperty(parameter, "value");
      expect(parameter in parametersOf(hop, "session")).toBe(isOfBoth);
    },
  );
});
