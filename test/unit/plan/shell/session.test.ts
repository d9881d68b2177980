// How a shell knows the role that it holds, and for which plans that role is used.
import { describe, expect, it } from "vitest";
import { planChain } from "../../../../src/plan/plan.ts";
import type { RoleOptions } from "../../../../src/plan/options/role-options.ts";
import { heldKeys, holdsPlan, markFor, sessionMark, usesHeldRole } from "../../../../src/plan/shell/session.ts";
import type { Hop } from "../../../../src/plan/sts-calls.ts";
import type { Plan } from "../../../../src/plan/types.ts";
import { parseConfig } from "../../../../src/config/parse/parse.ts";
import type { Environment } from "../../../../src/context/types.ts";

const ROLE = "arn:aws:iam::222222222222:role/r";
const KEYS = "[profile keys]\naws_access_key_id = AKIAKEYS\naws_secret_access_key = secret-of-keys\n";
const caller = (): { user: string; host: string } => ({ user: "al ice", host: "laptop.example.com" });

interface Situation {
  readonly lines?: readonly string[];
  readonly source?: string;
  readonly env?: Environment;
  readonly options?: RoleOptions;
}

/** The plan of a profile with these lines. */
function planned({ lines = [], source = "source_profile = keys", env = {}, options = {} }: Situation = {}): Plan {
  const text = `${KEYS}[profile middle]\nrole_arn = ${ROLE}-middle\nsource_profile = keys\n[profile p]\nrole_arn = ${ROLE}\nregion = eu-west-1\n${source}\n${lines.join("\n")}\n`;
  return planChain({ config: parseConfig(text, "config", "config"), env, profile: "p", options, caller });
}

describe("the role that a shell holds", () => {
  const plan = planned({ source: "credential_source = Environment" });
  const held = { AWS_ACCESS_KEY_ID: "ASIA1", XROLE_SESSION: sessionMark("ASIA1", plan) };
  const environment: Plan["source"] = { kind: "environment", from: "" };
  const container: Plan["source"] = { kind: "container", from: "" };
  const uri = "http://127.0.0.1:1/x";
  const led = { XROLE_ENDPOINT: uri, AWS_CONTAINER_CREDENTIALS_FULL_URI: uri };

  it("has a mark of its key and its plan, which tells no key", () => {
    expect(held.XROLE_SESSION).toMatch(/^[0-9a-f]{16}\.[0-9a-f]{16}$/);
    expect(sessionMark("ASIA2", plan).split(".")[0]).not.toBe(held.XROLE_SESSION.split(".")[0]);
  });

  it("is another for whatever is asked otherwise", () => {
    const [hop = {} as Hop] = plan.hops;
    const others: Partial<Plan>[] = [
      { name: "q" },
      { region: "us-east-1" },
      { endpoint: "http://127.0.0.1:2" },
      { source: container },
      { hops: [{ ...hop, externalId: "x" }] },
      { hops: [{ ...hop, sessionName: "x", sessionNameGenerated: false }] },
      { hops: [hop, hop] },
      { hops: [] },
    ];
    for (const other of others) expect(heldKeys(held, { ...plan, ...other }), JSON.stringify(other)).toBe("other");
    const named = { ...plan, hops: [{ ...hop, sessionName: "x", sessionNameGenerated: false }] };
    const other = { ...plan, hops: [{ ...hop, sessionName: "y", sessionNameGenerated: false }] };
    expect(heldKeys({ ...held, XROLE_SESSION: sessionMark("ASIA1", named) }, other)).toBe("other");
    for (const same of [{ sessionName: "xrole-alice@elsewhere" }, { from: "config:119" }])
      expect(heldKeys(held, { ...plan, hops: [{ ...hop, ...same }] })).toBe("this");
    expect(heldKeys({ ...held, AWS_ACCESS_KEY_ID: "ASIA2" }, plan)).toBe("foreign");
    expect(heldKeys({ AWS_ACCESS_KEY_ID: "ASIA1" }, plan)).toBe("foreign");
  });

  it("is the same where a role without a profile is asked for again from within it", () => {
    const roleArn = `${ROLE}/ad-hoc`;
    const options = { roleArn, externalId: "first" };
    const request = { config: parseConfig("", "config", "config"), caller, options, profile: undefined };
    const instance = planChain({ ...request, env: { AWS_REGION: "eu-west-1" } });
    expect(instance.source.kind).toBe("instance");
    const env = {
      ...{ AWS_REGION: "eu-west-1", AWS_ACCESS_KEY_ID: "ASIA1", AWS_SECRET_ACCESS_KEY: "s" },
      XROLE_SESSION: sessionMark("ASIA1", instance),
    };
    const again = planChain({ ...request, env });
    expect(again.source.kind).toBe("environment");
    expect(heldKeys(env, again)).toBe("this");
    for (const change of [{ externalId: "other" }, { roleArn: `${ROLE}/other` }, { sessionName: "named" }])
      expect(heldKeys(env, planChain({ ...request, env, options: { ...options, ...change } }))).toBe("other");
    // However many roles the chain behind it has, and whatever they are.
    const [hop = {} as Hop] = again.hops;
    const longer = {
      ...again,
      hops: [
        { ...hop, roleArn: `${ROLE}/first` },
        { ...hop, profile: "another" },
      ],
    };
    expect(heldKeys(env, longer)).toBe("this");
    // In a profile of that role the source counts.
    expect(heldKeys(env, { ...again, name: "p" })).toBe("other");
    const mark = sessionMark("ASIA1", { ...instance, name: "p" });
    expect(heldKeys({ ...env, XROLE_SESSION: mark }, { ...again, name: "p" })).toBe("other");
  });

  it("is another for another profile on the way", () => {
    const [hop = {} as Hop] = plan.hops;
    expect(heldKeys(held, { ...plan, hops: [{ ...hop, profile: "another" }] })).toBe("other");
  });

  it("is held by a plan that starts from the environment and assumes a role", () => {
    expect(holdsPlan(held, plan)).toBe(true);
    expect(holdsPlan({ ...held, XROLE_SESSION: "x.y" }, plan)).toBe(false);
    for (const other of [{ source: container }, { hops: [] }]) {
      const changed = { ...plan, ...other };
      expect(holdsPlan({ ...held, XROLE_SESSION: sessionMark("ASIA1", changed) }, changed)).toBe(false);
    }
  });

  it("is used again where no profile is named", () => {
    for (const profile of [undefined, ""]) {
      expect(usesHeldRole(held, profile)).toBe(true);
      expect(usesHeldRole(held, profile, environment)).toBe(true);
      expect(usesHeldRole(held, profile, container)).toBe(false);
      expect(usesHeldRole(led, profile)).toBe(true);
      expect(usesHeldRole(led, profile, container)).toBe(true);
      expect(usesHeldRole(led, profile, environment)).toBe(false);
    }
    expect(usesHeldRole(held, "p")).toBe(false);
    expect(usesHeldRole(led, "p")).toBe(false);
    expect(usesHeldRole({}, undefined)).toBe(false);
    // Keys that are not xrole's win over its endpoint.
    expect(usesHeldRole({ ...led, AWS_ACCESS_KEY_ID: "AKIAOTHER" }, undefined)).toBe(false);
  });

  it("keeps its mark where its keys are handed out again, and only there", () => {
    const bare = { ...plan, hops: [] };
    expect(markFor(held, "ASIA1", bare)).toBe(held.XROLE_SESSION);
    expect(markFor(held, "ASIA1", { ...bare, source: container })).not.toBe(held.XROLE_SESSION);
    expect(markFor(held, "ASIA3", plan)).toBe(sessionMark("ASIA3", plan));
    expect(markFor({ ...held, XROLE_SESSION: "x.y" }, "ASIA1", bare)).toBe(sessionMark("ASIA1", bare));
  });
});
