// The key under which a session is kept holds everything that makes it another session, and no secret.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Hop } from "../../../../src/plan/sts-calls.ts";
import { roleOptionRows } from "../../../../src/plan/options/role-options.ts";
import type { Plan } from "../../../../src/plan/types.ts";
import type { Source } from "../../../../src/sources/kinds.ts";
import type { Context } from "../../../../src/context/types.ts";
import { stepsOf } from "../../../../src/credentials/cache/steps.ts";

import { sha1 } from "../../../../src/util/digest.ts";

/** The files of this machine, as far as these tests go; an Error is what reading one throws. */
const files = vi.hoisted(() => new Map<string, string | Error>());
vi.mock("../../../../src/util/files.ts", () => ({
  readText: (path: string, fail: (problem: string) => never) => {
    const content = files.get(path);
    return content instanceof Error ? fail(content.message) : content;
  },
}));

const HOME = "/home/alice";
const START = "https://example.awsapps.com/start";
const SSO_FILE = `${HOME}/.aws/sso/cache/${sha1("co")}.json`;
const MACHINE = "/etc/machine-id";
const BOOT = "/proc/sys/kernel/random/boot_id";
const jwt = (claims: object): string => `e30.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.signature`;
const CLAIMS = { iss: "https://ci.example.com", sub: "repo:example/app", aud: "sts.amazonaws.com", jti: "1" };
const LOCAL = { [MACHINE]: "machine-1\n", [BOOT]: "boot-1\n" };

beforeEach(() => {
  files.clear();
  for (const [path, content] of Object.entries(LOCAL)) files.set(path, content);
});

interface Place {
  readonly env?: Record<string, string>;
  readonly cwd?: string;
  readonly user?: string;
  readonly host?: string;
}

const context = ({ env = {}, cwd = "/job", user = "alice", host = "laptop" }: Place = {}): Context =>
  ({ env: { HOME, ...env }, cwd, platform: "linux", caller: () => ({ user, host }) }) as unknown as Context;

type Of<Kind extends Source["kind"]> = Extract<Source, { kind: Kind }>;
const KEYS: Of<"static"> = {
  kind: "static",
  from: "config:1",
  profile: "keys",
  accessKeyId: "AKIA1",
  temporary: false,
};
const HOP: Hop = {
  profile: "p",
  roleArn: "arn:aws:iam::222222222222:role/p",
  sessionName: "alice",
  sessionNameGenerated: false,
  externalId: "external",
  durationSeconds: 3600,
  mfaSerial: "arn:aws:iam::111111111111:mfa/alice",
  sourceIdentity: "alice",
  tags: { team: "a" },
  transitiveTagKeys: ["team"],
  policy: "{}",
  policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
  from: "config:2",
};
const PLAN: Plan = {
  profile: "p",
  region: "us-east-1",
  regionOrigin: "profile",
  endpoint: "https://sts.us-east-1.amazonaws.com",
  source: KEYS,
  hops: [HOP],
  childSettings: {},
  warnings: [],
};
const keysOf = (plan: Plan, place?: Place): (string | undefined)[] =>
  stepsOf(context(place), plan).map(({ key }) => key);

describe("the key of a role", () => {
  it.each<[string, Partial<Hop>]>([
    ["role", { roleArn: "arn:aws:iam::222222222222:role/other" }],
    ["session name", { sessionName: "bob" }],
    ["made-up session name", { sessionNameGenerated: true }],
    ["external id", { externalId: "other" }],
    ["duration", { durationSeconds: 900 }],
    ["MFA device", { mfaSerial: "arn:aws:iam::111111111111:mfa/other" }],
    ["source identity", { sourceIdentity: "bob" }],
    ["tag", { tags: { team: "b" } }],
    ["transitive tag", { transitiveTagKeys: [] }],
    ["policy", { policy: "{ }" }],
    ["policy's ARN", { policyArns: [] }],
  ])("is another for another %s", (_, change) => {
    expect(keysOf({ ...PLAN, hops: [{ ...HOP, ...change }] })).not.toEqual(keysOf(PLAN));
  });

  it.each<[string, Partial<Plan>]>([
    ["region", { region: "eu-west-1" }],
    ["endpoint", { endpoint: "https://sts.eu-west-1.amazonaws.com" }],
    ["source", { source: { ...KEYS, accessKeyId: "AKIA2" } }],
    ["MFA session", { mfaSession: { mfaSerial: "GAHT1", from: "config:3" } }],
    ["hop before it", { hops: [{ ...HOP, roleArn: "arn:aws:iam::333333333333:role/first" }, HOP] }],
  ])("is another for another %s", (_, change) => {
    expect(keysOf({ ...PLAN, ...change }).at(-1)).not.toBe(keysOf(PLAN).at(-1));
  });

  it("is the same for whoever asks for it, by whatever line and command", () => {
    const hop = { ...HOP, profile: "other", from: "config:9", mfaProcess: "op read code" };
    const plan = { ...PLAN, profile: "other", name: "mine", hops: [hop], source: { ...KEYS, profile: "x", from: "y" } };
    expect(keysOf(plan)).toEqual(keysOf(PLAN));
  });

  it("holds the user for a name that was made up, and no host", () => {
    const plan = { ...PLAN, hops: [{ ...HOP, sessionNameGenerated: true }] };
    expect(keysOf(plan, { host: "elsewhere" })).toEqual(keysOf(plan));
    expect(keysOf({ ...PLAN, hops: [{ ...HOP, sessionNameGenerated: true, sessionName: "x" }] })).toEqual(keysOf(plan));
    expect(keysOf(plan, { user: "bob" })).not.toEqual(keysOf(plan));
    expect(keysOf(PLAN, { user: "bob" })).toEqual(keysOf(PLAN));
  });

  it("holds what is sent for every role option that is sent", () => {
    for (const [name, { sent, field = name }] of roleOptionRows()) {
      const changed = { ...PLAN, hops: [{ ...HOP, [field]: "changed" }] };
      if (sent) expect(keysOf(changed), name).not.toEqual(keysOf(PLAN));
      else expect(keysOf(changed), name).toEqual(keysOf(PLAN));
    }
  });

  it("is of the same format as before", () => {
    const { sessionName, roleArn } = HOP;
    const bare = { profile: "p", roleArn, sessionName, sessionNameGenerated: false, from: "config:2" };
    expect(keysOf({ ...PLAN, hops: [bare] })).toEqual([
      JSON.stringify([
        1,
        ["static", "AKIA1"],
        PLAN.endpoint,
        PLAN.region,
        [[roleArn, sessionName, null, null, null, null, null, null, null, null]],
      ]),
    ]);
  });
});

describe("the steps of a plan", () => {
  const mfaSession = { mfaSerial: "GAHT1", from: "config:3" };
  const first = { ...HOP, profile: "first", roleArn: "arn:aws:iam::333333333333:role/first" };

  it("are its calls in order, each with a key of its own", () => {
    const steps = stepsOf(context(), { ...PLAN, mfaSession, hops: [first, HOP] });
    expect(steps.map(({ call, profile, roleArn }) => [call, profile, roleArn])).toEqual([
      [mfaSession, "p", undefined],
      [first, "first", first.roleArn],
      [HOP, "p", HOP.roleArn],
    ]);
    expect(new Set(steps.map(({ key }) => key)).size).toBe(3);
  });

  it("begin alike where plans begin alike", () => {
    const long = keysOf({ ...PLAN, mfaSession, hops: [first, HOP] });
    expect(keysOf({ ...PLAN, mfaSession, hops: [first] })).toEqual(long.slice(0, 2));
    expect(keysOf({ ...PLAN, mfaSession: { ...mfaSession, mfaSerial: "GAHT2" }, hops: [] })).not.toEqual(
      long.slice(0, 1),
    );
  });

  it("are named for what the plan is called", () => {
    const steps = stepsOf(context(), { ...PLAN, name: "mine", mfaSession, hops: [first, HOP] });
    expect(steps.map(({ profile }) => profile)).toEqual(["mine", "first", "mine"]);
  });

  it("are none where nothing is asked of STS", () => {
    expect(stepsOf(context(), { ...PLAN, hops: [] })).toEqual([]);
  });

  it("begin with a source that gives sessions itself", () => {
    files.set("/job/token.jwt", jwt(CLAIMS));
    files.set(SSO_FILE, JSON.stringify({ accessToken: "sso-access-token" }));
    const [web] = stepsOf(context(), { ...PLAN, source: WEB, hops: [HOP] });
    expect(web).toMatchObject({ call: "source", profile: "p", roleArn: WEB.roleArn });
    const [sso, role] = stepsOf(context(), { ...PLAN, source: SSO, hops: [HOP] });
    expect(sso).toMatchObject({ call: "source", profile: "p" });
    expect(sso).not.toHaveProperty("roleArn");
    expect(role?.call).toBe(HOP);
    expect(web?.key).toContain("web-identity");
    expect(sso?.key).toContain('"sso"');
    expect(role?.key).not.toBe(sso?.key);
  });

  it("have no key where the source cannot be told from others", () => {
    expect(keysOf({ ...PLAN, source: { kind: "environment", from: "config:1" } })).toEqual([undefined]);
  });
});

const WEB: Of<"web-identity"> = {
  kind: "web-identity",
  from: "config:1",
  roleArn: "arn:aws:iam::111111111111:role/ci",
  tokenFile: "token.jwt",
  sessionName: "build",
  sessionNameGenerated: false,
  durationSeconds: 900,
  policy: "{}",
  policyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
};
const SSO: Of<"sso"> = {
  kind: "sso",
  from: "config:1",
  profile: "sso",
  session: "co",
  startUrl: START,
  region: "eu-west-1",
  accountId: "111111111111",
  roleName: "Reader",
  endpoint: "https://portal.sso.eu-west-1.amazonaws.com",
  renewalEndpoint: "https://oidc.eu-west-1.amazonaws.com",
};
