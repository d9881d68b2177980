// What a plan asks of STS for a role, setting by setting and option by option, and how a shell knows the role that it holds.
import { describe, expect, it } from "vitest";
import { planChain } from "../../src/chain/plan.ts";
import type { RoleOptions } from "../../src/chain/role-options.ts";
import { heldKeys, holdsPlan, markFor, sessionMark, usesHeldRole } from "../../src/chain/session.ts";
import type { Hop, Plan } from "../../src/chain/types.ts";
import { parseConfig } from "../../src/config/parse.ts";
import type { Environment } from "../../src/context.ts";

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
const last = (situation: Situation): Hop | undefined => planned(situation).hops.at(-1);
const invalid = expect.objectContaining({ code: "setting-invalid" }) as Error;

describe("the call for a role", () => {
  const BARE = {
    profile: "p",
    roleArn: ROLE,
    sessionName: "xrole-al-ice@laptop",
    sessionNameGenerated: true,
    from: "config:8",
  };

  it("has nothing that nobody asked for", () => {
    expect(last({})).toEqual(BARE);
  });

  it("has what the profile says", () => {
    const lines = [
      ...[
        "external_id = external",
        "duration_seconds = 7200",
        "mfa_serial = GAHT12345678",
        "mfa_process = op read code",
      ],
      ...[
        "source_identity = alice",
        "session_tags = team = a, Cost=b=c,,empty=",
        "transitive_session_tags = team, cost",
      ],
      "role_session_name = build",
    ];
    expect(last({ lines })).toEqual({
      ...BARE,
      sessionName: "build",
      sessionNameGenerated: false,
      externalId: "external",
      durationSeconds: 7200,
      mfaSerial: "GAHT12345678",
      mfaProcess: "op read code",
      sourceIdentity: "alice",
      tags: { team: "a", Cost: "b=c", empty: "" },
      transitiveTagKeys: ["team", "cost"],
    });
  });

  it("has what the command line says, before the profile", () => {
    const lines = [
      ...["external_id = external", "duration_seconds = 7200", "mfa_serial = GAHT12345678", "source_identity = alice"],
      ...["session_tags = team=a", "transitive_session_tags = team", "role_session_name = build"],
    ];
    const options = {
      ...{
        sessionName: "typed",
        externalId: "other",
        duration: "45m",
        mfaSerial: "GAHT87654321",
        sourceIdentity: "bob",
      },
      ...{ tag: ["x=1", "y=2"], transitiveTag: ["x", "y"], policy: '{ "Statement": [] }', readOnly: true },
      policyArn: ["arn:aws:iam::222222222222:policy/p"],
    };
    expect(last({ lines, options })).toEqual({
      ...BARE,
      sessionName: "typed",
      sessionNameGenerated: false,
      externalId: "other",
      durationSeconds: 2700,
      mfaSerial: "GAHT87654321",
      sourceIdentity: "bob",
      tags: { x: "1", y: "2" },
      transitiveTagKeys: ["x", "y"],
      policy: '{"Statement":[]}',
      policyArns: ["arn:aws:iam::222222222222:policy/p", "arn:aws:iam::aws:policy/ReadOnlyAccess"],
    });
    const other = last({ options: { roleArn: "arn:aws:iam::333333333333:role/other" } });
    expect(other).toMatchObject({ roleArn: "arn:aws:iam::333333333333:role/other", from: "--role-arn" });
  });

  it("has the options in the last call alone", () => {
    const [first] = planned({ source: "source_profile = middle", options: { externalId: "other", tag: ["x=1"] } }).hops;
    expect(first).toEqual({ ...BARE, profile: "middle", roleArn: `${ROLE}-middle`, from: "config:5" });
  });

  it("has no code's command without its device", () => {
    expect(last({ lines: ["mfa_process = op read code"] })).toEqual(BARE);
  });

  it("takes a name from the environment, after the profile", () => {
    const env = { AWS_ROLE_SESSION_NAME: "of-env" };
    expect(last({ env })).toMatchObject({ sessionName: "of-env", sessionNameGenerated: false });
    expect(last({ env, lines: ["role_session_name = build"] })?.sessionName).toBe("build");
  });

  it("takes up to 10 policies and 50 tags, and no two tags that differ by case", () => {
    const many = (count: number, text: string): string[] => Array.from({ length: count }, (_, at) => text + String(at));
    const policyArn = many(10, "arn:aws:iam::aws:policy/p");
    expect(last({ options: { policyArn } })?.policyArns).toEqual(policyArn);
    expect(() => last({ options: { policyArn, readOnly: true } })).toThrow(invalid);
    const tag = many(50, "k").map((key) => `${key}=v`);
    expect(Object.keys(last({ options: { tag } })?.tags ?? {})).toHaveLength(50);
    expect(() => last({ options: { tag: [...tag, "more=v"] } })).toThrow(invalid);
    for (const wrong of [["Team=a", "team=b"], ["no value"], ["=v"]])
      expect(() => last({ options: { tag: wrong } })).toThrow(invalid);
  });

  it.each<[Situation]>([
    [{ lines: ["duration_seconds = 899"] }],
    [{ lines: ["duration_seconds = 43201"] }],
    [{ lines: ["duration_seconds = 1h"] }],
    [{ options: { duration: "x1h" } }],
    [{ options: { duration: "1hx" } }],
    [{ options: { transitiveTag: ["a;b"] } }],
    [{ options: { policyArn: ["policy/p"] } }],
    [{ options: { policy: "[" } }],
    [{ lines: ["external_id = a b"] }],
    [{ lines: ["mfa_serial = arn:aws:iam::1:u2f/x"] }],
    [{ lines: ["role_session_name = a"] }],
    [{ lines: ["source_identity = a b"] }],
  ])("refuses %j", (situation) => {
    expect(() => last(situation)).toThrow(invalid);
  });
});

describe("a duration of more than an hour", () => {
  const LONG = "duration_seconds = 7200";

  it.each<[string, Situation, number]>([
    ["of long-term keys stays", { lines: [LONG] }, 7200],
    ["of keys in the environment stays", { lines: [LONG], source: "credential_source = Environment" }, 7200],
    ["of a role from a role is an hour", { lines: [LONG], source: "source_profile = middle" }, 3600],
    [
      "of a role from an instance is an hour",
      { lines: [LONG], source: "credential_source = Ec2InstanceMetadata" },
      3600,
    ],
    ["of an MFA session is an hour", { lines: [LONG, "mfa_serial = GAHT12345678", "xrole_mfa_session = True"] }, 3600],
  ])("%s", (_, situation, seconds) => {
    const { hops, warnings } = planned(situation);
    expect(hops.at(-1)).toMatchObject({ durationSeconds: seconds, roleArn: ROLE, from: expect.any(String) as string });
    expect(warnings.filter((one) => one.includes("7200 s"))).toHaveLength(seconds === 7200 ? 0 : 1);
    if (seconds !== 7200) expect(warnings.join("\n")).toContain('profile "p" asks for 7200 s');
  });

  it("is one from the second on", () => {
    const plan = planned({ lines: ["duration_seconds = 3600"], source: "source_profile = middle" });
    expect(plan.hops.at(-1)?.durationSeconds).toBe(3600);
    expect(plan.warnings).toEqual([]);
    expect(planned({ source: "source_profile = middle" }).hops.at(-1)).not.toHaveProperty("durationSeconds");
  });
});

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
    for (const same of [{ sessionName: "xrole-alice@elsewhere" }, { from: "config:99" }])
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
