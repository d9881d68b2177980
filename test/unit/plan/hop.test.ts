// What a plan asks of STS for a role, setting by setting and option by option, and how a shell knows the role that it holds.
import { describe, expect, it } from "vitest";
import { planChain } from "../../../src/plan/plan.ts";
import type { RoleOptions } from "../../../src/plan/options/role-options.ts";
import type { Hop } from "../../../src/plan/sts-calls.ts";
import type { Plan } from "../../../src/plan/types.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";
import type { Environment } from "../../../src/context/types.ts";

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

  it("has a tag, a transitive one and a policy each alone", () => {
    expect(last({ options: { tag: ["x=1"] } })).toEqual({ ...BARE, tags: { x: "1" } });
    expect(last({ options: { transitiveTag: ["x"] } })).toEqual({ ...BARE, transitiveTagKeys: ["x"] });
    const policyArns = ["arn:aws:iam::aws:policy/p"];
    expect(last({ options: { policyArn: policyArns } })).toEqual({ ...BARE, policyArns });
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

describe("a wrong value", () => {
  const config = (lines: readonly string[]): Situation => ({ lines });
  const option = (options: RoleOptions): Situation => ({ options });
  const many = (count: number): string[] => Array.from({ length: count }, (_, at) => `arn:aws:iam::aws:policy/p${at}`);

  it.each<[string, Situation]>([
    ["config:11: external_id = a b is not 2 to 1224 of", config(["external_id = a b"])],
    [
      "config:11: duration_seconds = 1h is not a whole number of seconds from 900 to 43200",
      config(["duration_seconds = 1h"]),
    ],
    ["config:11: mfa_serial = short is not the ARN of an MFA device", config(["mfa_serial = short"])],
    ["config:11: source_identity = a b is not 2 to 64 of", config(["source_identity = a b"])],
    ["config:11: session_tags = a is not key=value", config(["session_tags = a"])],
    ["config:11: session_tags = a! is not a tag key", config(["session_tags = a!=b"])],
    ["config:11: session_tags = b! is not a tag value", config(["session_tags = a=b!"])],
    ["config:11: transitive_session_tags = a! is not a tag key", config(["transitive_session_tags = a!"])],
    ["config:11: role_session_name = a is not 2 to 64 of", config(["role_session_name = a"])],
    ["environment: AWS_ROLE_SESSION_NAME = a is not 2 to 64 of", { env: { AWS_ROLE_SESSION_NAME: "a" } }],
    ["command line: --role-arn = x is not the ARN of a role", option({ roleArn: "x" })],
    ["command line: --session-name = a is not", option({ sessionName: "a" })],
    ["command line: --external-id = a b is not", option({ externalId: "a b" })],
    [
      "command line: --duration = x is not a whole number of seconds from 900 to 43200, or the same",
      option({ duration: "x" }),
    ],
    ["command line: --mfa-serial = x is not", option({ mfaSerial: "x" })],
    ["command line: --mfa-code = ... is not a code of six digits", option({ mfaCode: "1" })],
    ["command line: --source-identity = a b is not", option({ sourceIdentity: "a b" })],
    ["command line: --tag = a is not key=value", option({ tag: ["a"] })],
    ["command line: --tag = A=1 is not a tag that is given once", option({ tag: ["a=1", "A=1"] })],
    [
      "command line: --tag = k50=v is not among the 50 tags",
      option({ tag: Array.from({ length: 51 }, (_, at) => `k${at}=v`) }),
    ],
    ["command line: --transitive-tag = a! is not", option({ transitiveTag: ["a!"] })],
    ["command line: --policy-arn = x is not the ARN of a policy", option({ policyArn: ["x"] })],
    [
      "command line: --policy-arn = arn:aws:iam::aws:policy/p10 is not among the 10 policies",
      option({ policyArn: many(11) }),
    ],
    ["command line: --policy = ... is not JSON", option({ policy: "{" })],
    ["command line: --policy = ... is not at most 2048 characters long", option({ policy: `"${"x".repeat(2047)}"` })],
    ["command line: --expect-account = 1 is not an account id of twelve digits", option({ expectAccount: "1" })],
    ["command line: --region = a_b is not the name of a region, such as eu-west-1", option({ region: "a_b" })],
  ])("is told as %s", (message, situation) => {
    expect(() => planned(situation)).toThrow(message);
  });
});

describe("a value at its limit", () => {
  it.each<[keyof RoleOptions, string, boolean]>([
    ["externalId", "xx", true],
    ["externalId", "x", false],
    ["externalId", `x:/+=,.@-_${"x".repeat(1214)}`, true],
    ["externalId", "x".repeat(1225), false],
    ["sessionName", "xx", true],
    ["sessionName", `x+=,.@-_${"x".repeat(56)}`, true],
    ["sessionName", "x".repeat(65), false],
    ["sourceIdentity", "x".repeat(64), true],
    ["sourceIdentity", "x".repeat(65), false],
    ["mfaSerial", "x".repeat(9), true],
    ["mfaSerial", "x".repeat(8), false],
    ["mfaSerial", "x".repeat(256), true],
    ["mfaSerial", "x".repeat(257), false],
    ["mfaSerial", "arn:aws-us-gov:iam::111111111111:mfa/a/b", true],
    ["mfaSerial", "arn:aws:iam::111111111111:sms-mfa/a", true],
    ["mfaSerial", "arn:aws:iam::111111111111:u2f/a", false],
    ["mfaSerial", "arn:aws:iam::111111111111:mfa/a b", false],
    ["mfaSerial", "xarn:aws:iam::111111111111:mfa/a!", false],
    ["duration", "900", true],
    ["duration", "899", false],
    ["duration", "15m", true],
    ["duration", "900s", true],
    ["duration", "43200", true],
    ["duration", "12h", true],
    ["duration", "43201", false],
    ["duration", "721m", false],
    ["duration", "1d", false],
    ["duration", "", false],
    ["policy", `"${"x".repeat(2046)}"`, true],
  ])("%s %s: %s", (name, value, isTaken) => {
    const options = { [name]: value } as RoleOptions;
    if (isTaken) expect(last({ options })).toBeDefined();
    else expect(() => last({ options })).toThrow(invalid);
  });

  it.each<[Situation]>([
    [{ options: { policyArn: ["xarn:aws:iam::aws:policy/p"] } }],
    [{ options: { policyArn: ["arn:aws:iam::aws:policy/p q"] } }],
    [{ options: { expectAccount: "1222222222222" } }],
    [{ options: { expectAccount: "2222222222222" } }],
    [{ lines: ["duration_seconds = x3600"] }],
    [{ lines: ["duration_seconds = 3600x"] }],
  ])("is whole: %j", (situation) => {
    expect(() => planned(situation)).toThrow(invalid);
  });

  it("is counted in seconds, whatever the unit", () => {
    const duration = (text: string): unknown => last({ options: { duration: text } })?.durationSeconds;
    expect([duration("3600"), duration("3601s"), duration("61m"), duration("2h")]).toEqual([3600, 3601, 3660, 7200]);
  });

  it("may be a tag of 128 and 256 characters, of any letters", () => {
    const tags = (tag: string): unknown => last({ options: { tag: [tag] } })?.tags;
    const [key, value] = ["ä _.:/+-@".padEnd(128, "x"), "日 _.:/=+-@".padEnd(256, "1")];
    expect(tags(`${key}=${value}`)).toEqual({ [key]: value });
    expect(() => tags(`x${key}=`)).toThrow(invalid);
    expect(() => tags(`${key}=x${value}`)).toThrow(invalid);
  });
});

describe("a name that is made up", () => {
  const named = (user: string, host: string): string | undefined => {
    const config = parseConfig(
      `[profile p]\nrole_arn = ${ROLE}\ncredential_source = Environment\n`,
      "config",
      "config",
    );
    return planChain({ config, env: {}, profile: "p", options: {}, caller: () => ({ user, host }) }).hops[0]
      ?.sessionName;
  };

  it("is of 64 characters that AWS takes, with the first label of the host", () => {
    expect(named("alice", "laptop.example.com")).toBe("xrole-alice@laptop");
    expect(named("DOM\\älice", "")).toBe("xrole-DOM--lice@");
    expect(named("a+=,.@-_", "h")).toBe("xrole-a+=,.@-_@h");
    expect(named("u".repeat(100), "h")).toBe(`xrole-${"u".repeat(58)}`);
  });
});

describe("an MFA code", () => {
  const SERIAL = "mfa_serial = GAHT12345678";

  it("is of the first call alone", () => {
    const both = planned({ source: "source_profile = middle", lines: [SERIAL, "mfa_process = op"] });
    expect(both.hops.at(-1)).not.toHaveProperty("mfaSerial");
    expect(both.hops.at(-1)).not.toHaveProperty("mfaProcess");
    expect(both.warnings).toEqual([
      'the mfa_serial of profile "p" is not used: only the first role of a chain can take a code',
    ]);
    expect(planned({ lines: [SERIAL] }).warnings).toEqual([]);
    expect(planned({ lines: [SERIAL] }).hops[0]).toHaveProperty("mfaSerial", "GAHT12345678");
  });

  it("is refused where no call takes one", () => {
    const missing = expect.objectContaining({ code: "mfa-serial-missing" }) as Error;
    expect(() => planned({ options: { mfaCode: "123 456" } })).toThrow(missing);
    expect(planned({ lines: [SERIAL], options: { mfaCode: "123 456" } }).hops).toHaveLength(1);
    expect(() =>
      planned({ source: "source_profile = middle", lines: [SERIAL], options: { mfaCode: "123456" } }),
    ).toThrow(missing);
    for (const mfaCode of ["12345", "1234567", "12345x", "x23456"])
      expect(() => planned({ lines: [SERIAL], options: { mfaCode } })).toThrow(invalid);
  });

  it("may be of one session that all calls start from", () => {
    const plan = planned({
      source: "source_profile = middle",
      lines: [SERIAL, "mfa_process = op read", "xrole_mfa_session = TRUE"],
    });
    expect(plan.mfaSession).toEqual({ mfaSerial: "GAHT12345678", mfaProcess: "op read", from: "config:11" });
    for (const hop of plan.hops) {
      expect(hop).not.toHaveProperty("mfaSerial");
      expect(hop).not.toHaveProperty("mfaProcess");
    }
    expect(plan.warnings).toEqual([]);
    const given = planned({ lines: [SERIAL], options: { mfaSession: true, mfaSerial: "GAHT87654321" } });
    expect(given.mfaSession).toEqual({ mfaSerial: "GAHT87654321", from: "command line" });
    expect(planned({ lines: [SERIAL], options: { mfaSession: true } }).mfaSession).toEqual({
      mfaSerial: "GAHT12345678",
      from: "config:11",
    });
    for (const word of ["false", "yes", ""])
      expect(planned({ lines: [SERIAL, `xrole_mfa_session = ${word}`] }).mfaSession).toBeUndefined();
    expect(planned({ lines: [SERIAL], options: { mfaSession: false } }).mfaSession).toBeUndefined();
  });

  it("of that session may be that of the first role with a device", () => {
    const text = `${KEYS}[profile a]\nrole_arn = ${ROLE}\nsource_profile = keys\nmfa_serial = GAHT11111111\nmfa_process = op a\n[profile p]\nrole_arn = ${ROLE}\nsource_profile = a\nxrole_mfa_session = true\n`;
    const config = parseConfig(text, "config", "config");
    expect(planChain({ config, env: {}, profile: "p", options: {}, caller }).mfaSession).toEqual({
      mfaSerial: "GAHT11111111",
      mfaProcess: "op a",
      from: "config:5",
    });
  });

  it("of that session is first that of the selected profile", () => {
    const of = (...lines: string[]): Plan["mfaSession"] => {
      const first = `[profile a]\nrole_arn = ${ROLE}\nsource_profile = keys\nmfa_serial = GAHT11111111\nmfa_process = op a\n`;
      const text = `${KEYS}${first}[profile p]\nrole_arn = ${ROLE}\nsource_profile = a\nxrole_mfa_session = true\n${lines.join("\n")}\n`;
      const config = parseConfig(text, "config", "config");
      return planChain({ config, env: {}, profile: "p", options: {}, caller }).mfaSession;
    };
    expect(of("mfa_serial = GAHT22222222", "mfa_process = op p")).toStrictEqual({
      ...{ mfaSerial: "GAHT22222222", mfaProcess: "op p", from: "config:13" },
    });
    expect(of("mfa_process = op p")).toMatchObject({ mfaSerial: "GAHT11111111", mfaProcess: "op p" });
    // Another device's command prints that device's codes.
    expect(of("mfa_serial = GAHT22222222")).toStrictEqual({ mfaSerial: "GAHT22222222", from: "config:13" });
    expect(of("mfa_serial = GAHT11111111")).toMatchObject({ mfaSerial: "GAHT11111111", mfaProcess: "op a" });
    const without = planned({ lines: [SERIAL], options: { mfaSession: true } }).mfaSession;
    expect(without).not.toHaveProperty("mfaProcess");
  });

  it("comes from mfa_process only for the device that the profile names beside it", () => {
    const lines = [SERIAL, "mfa_process = op read"];
    const process = (mfaSerial: string, mfaSession: boolean, own = lines): string | undefined => {
      const { hops, mfaSession: session } = planned({ lines: own, options: { mfaSerial, mfaSession } });
      expect((session ?? hops[0])?.mfaSerial).toBe(mfaSerial);
      return (session ?? hops[0])?.mfaProcess;
    };
    for (const isSession of [false, true]) {
      expect(process("GAHT87654321", isSession)).toBeUndefined();
      expect(process("GAHT12345678", isSession)).toBe("op read");
      expect(process("GAHT87654321", isSession, ["mfa_process = op read"])).toBe("op read");
    }
  });

  it("of that session is of a chain that has a role", () => {
    const config = parseConfig(`${KEYS}xrole_mfa_session = true\n${SERIAL}\n`, "config", "config");
    expect(planChain({ config, env: {}, profile: "keys", options: {}, caller })).not.toHaveProperty("mfaSession");
    const env = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "s" };
    const request = { config: parseConfig("", "config", "config"), env, caller };
    const options = { roleArn: ROLE, mfaSession: true };
    expect(() => planChain({ ...request, options })).toThrow(
      expect.objectContaining({ code: "mfa-serial-missing" }) as Error,
    );
    expect(planChain({ ...request, options: { ...options, mfaSerial: "GAHT12345678" } }).mfaSession).toStrictEqual({
      ...{ mfaSerial: "GAHT12345678", from: "command line" },
    });
  });

  it("of that session needs a device and a user's own keys", () => {
    const options = { mfaSession: true };
    expect(() => planned({ options })).toThrow(expect.objectContaining({ code: "mfa-serial-missing" }) as Error);
    const without = expect.objectContaining({ code: "mfa-without-keys" }) as Error;
    for (const source of ["credential_source = Ec2InstanceMetadata", "credential_source = EcsContainer"])
      expect(() => planned({ source, lines: [SERIAL], options })).toThrow(without);
    expect(planned({ source: "credential_source = Environment", lines: [SERIAL], options }).mfaSession).toBeDefined();
    const config = (lines: string): ReturnType<typeof parseConfig> =>
      parseConfig(
        `[profile s]\n${lines}\n[profile p]\nrole_arn = ${ROLE}\nsource_profile = s\n${SERIAL}\n`,
        "config",
        "config",
      );
    const of = (lines: string): Plan => planChain({ config: config(lines), env: {}, profile: "p", options, caller });
    expect(of("credential_process = keys").mfaSession).toBeDefined();
    const pair = "aws_access_key_id = ASIA1\naws_secret_access_key = s\n";
    expect(of(pair).mfaSession).toBeDefined();
    expect(() => of(`${pair}aws_session_token = t`)).toThrow(without);
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

  it("is capped where the command line says it, which is named", () => {
    const options = { duration: "2h" };
    const said = (plan: Plan): string[] => plan.warnings.filter((one) => one.includes("7200 s"));
    const chained = planned({ source: "source_profile = middle", options });
    expect(said(chained)).toEqual([
      "the command line asks for 7200 s, but a role assumed from a session lives at most 3600 s: asking for that",
    ]);
    expect(chained.hops[0]).not.toHaveProperty("durationSeconds");
    expect(planned({ options }).hops[0]?.durationSeconds).toBe(7200);
    // A role before the last is asked for as its own profile says.
    const both = `${KEYS}[profile b]\nrole_arn = ${ROLE}-b\nsource_profile = keys\n[profile a]\nrole_arn = ${ROLE}\nsource_profile = b\n${LONG}\n[profile p]\nrole_arn = ${ROLE}\nsource_profile = a\n`;
    const three = planChain({ config: parseConfig(both, "config", "config"), env: {}, profile: "p", options, caller });
    expect(said(three).map((one) => one.split(" asks")[0])).toEqual(['profile "a"', "the command line"]);
    const process = `[profile s]\ncredential_process = x\n[profile p]\nrole_arn = ${ROLE}\nsource_profile = s\n${LONG}\n`;
    const config = parseConfig(process, "config", "config");
    expect(planChain({ config, env: {}, profile: "p", options: {}, caller }).hops[0]?.durationSeconds).toBe(7200);
  });

  it("is one from the second on", () => {
    const plan = planned({ lines: ["duration_seconds = 3600"], source: "source_profile = middle" });
    expect(plan.hops.at(-1)?.durationSeconds).toBe(3600);
    expect(plan.warnings).toEqual([]);
    expect(planned({ source: "source_profile = middle" }).hops.at(-1)).not.toHaveProperty("durationSeconds");
  });
});
