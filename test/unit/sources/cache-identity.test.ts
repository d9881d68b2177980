// What tells a source from another, kind by kind: whatever makes its credentials other ones, and no secret.
import { beforeEach, describe, expect, it, vi } from "vitest";
import type { Source } from "../../../src/sources/kinds.ts";
import type { Context } from "../../../src/context/types.ts";
import { sourceIdentity } from "../../../src/credentials/cache/steps.ts";

import { sha1, sha256 } from "../../../src/util/digest.ts";

/** The files of this machine, as far as these tests go; an Error is what reading one throws. */
const files = vi.hoisted(() => new Map<string, string | Error>());
vi.mock("../../../src/util/files.ts", () => ({
  readText: (path: string, fail: (problem: string) => never) => {
    const content = files.get(path);
    return content instanceof Error ? fail(content.message) : content;
  },
}));

const HOME = "/home/alice";
const START = "https://example.awsapps.com/start";
const SESSION = "arn:aws:iam::111111111111:user/alice";
const SSO_FILE = `${HOME}/.aws/sso/cache/${sha1("co")}.json`;
const LOGIN_FILE = `${HOME}/.aws/login/cache/${sha256(SESSION)}.json`;
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
const identity = (source: Source, place?: Place): string | undefined =>
  JSON.stringify(sourceIdentity(context(place), source));

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

describe("keys", () => {
  it("are told by their id", () => {
    expect(identity(KEYS)).toBe('["static","AKIA1"]');
    const environment: Source = { kind: "environment", from: "config:1" };
    const env = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret" };
    expect(identity(environment, { env })).toBe('["environment","AKIA1"]');
    expect(identity(environment, { env: { ...env, AWS_ACCESS_KEY_ID: " " } })).toBeUndefined();
    expect(identity(environment, { env: { ...env, AWS_SECRET_ACCESS_KEY: " " } })).toBeUndefined();
  });
});

describe("an instance", () => {
  const source: Source = {
    kind: "instance",
    from: "config:1",
    endpoint: "http://127.0.0.1:1",
    disabled: false,
    speculative: false,
  };

  it("is told by its endpoint, its machine and its boot", () => {
    const before = identity(source);
    expect(before).toBeDefined();
    expect(identity({ ...source, endpoint: "http://127.0.0.1:2" })).not.toBe(before);
    files.set(MACHINE, "machine-2\n");
    expect(identity(source)).not.toBe(before);
    files.set(MACHINE, "machine-1\n");
    files.set(BOOT, "boot-2\n");
    expect(identity(source)).not.toBe(before);
    files.set(BOOT, "boot-1\n");
    expect(identity(source)).toBe(before);
    expect(identity({ ...source, disabled: true })).toBeUndefined();
  });

  it("is unknown where the boot is, and told by it alone where the machine has no id", () => {
    files.delete(MACHINE);
    const before = identity(source);
    files.set(BOOT, "boot-2\n");
    expect(identity(source)).not.toBe(before);
    files.delete(BOOT);
    expect(identity(source)).toBeUndefined();
    files.set(MACHINE, "machine-1\n");
    expect(identity(source)).toBeUndefined();
    files.set(BOOT, new Error("it is a pipe"));
    expect(identity(source)).toBeUndefined();
  });
});

describe("a container", () => {
  const source: Of<"container"> = { kind: "container", from: "config:1", endpoint: "http://127.0.0.1:1/creds" };
  const TOKEN = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
  const FILE = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

  it("is told by its endpoint, its token and its machine", () => {
    const env = { [TOKEN]: "container-token-1" };
    const before = identity(source, { env });
    expect(before).not.toContain("container-token");
    expect(identity({ ...source, endpoint: "http://127.0.0.1:2/creds" }, { env })).not.toBe(before);
    expect(identity(source, { env: { [TOKEN]: "container-token-2" } })).not.toBe(before);
    expect(identity(source)).toBeDefined();
    expect(identity(source)).not.toBe(before);
    files.set(BOOT, "boot-2\n");
    expect(identity(source, { env })).not.toBe(before);
    files.delete(BOOT);
    expect(identity(source, { env })).toBeDefined();
  });

  it("is told by the token in the file, which comes first", () => {
    files.set("/job/pod.jwt", jwt(CLAIMS));
    files.set("/job/other.jwt", jwt({ ...CLAIMS, sub: "other" }));
    const before = identity(source, { env: { [FILE]: "pod.jwt" } });
    expect(identity(source, { env: { [FILE]: "pod.jwt", [TOKEN]: "x" } })).toBe(before);
    expect(identity(source, { env: { [FILE]: "/job/pod.jwt" } })).toBe(before);
    expect(identity(source, { env: { [FILE]: "other.jwt" } })).not.toBe(before);
    files.set("/job/pod.jwt", jwt({ ...CLAIMS, jti: "2" }));
    expect(identity(source, { env: { [FILE]: "pod.jwt" } })).toBe(before);
    expect(identity(source, { env: { [FILE]: "missing.jwt" } })).toBeUndefined();
  });

  it("is unknown where none is", () => {
    expect(identity({ kind: "container", from: "config:1" })).toBeUndefined();
    expect(identity({ kind: "container", from: "config:1" }, { env: { [TOKEN]: "x" } })).toBeUndefined();
  });
});

describe("a web identity", () => {
  beforeEach(() => void files.set("/job/token.jwt", jwt(CLAIMS)));

  it.each<[string, Partial<typeof WEB>]>([
    ["role", { roleArn: "arn:aws:iam::111111111111:role/other" }],
    ["session name", { sessionName: "other" }],
    ["made-up session name", { sessionNameGenerated: true }],
    ["duration", { durationSeconds: 1800 }],
    ["policy", { policy: "{ }" }],
    ["policy's ARN", { policyArns: [] }],
  ])("is another for another %s", (_, change) => {
    expect(identity({ ...WEB, ...change })).not.toBe(identity(WEB));
  });

  it("is another for another issuer, subject and audience, and not for a renewed token", () => {
    const before = identity(WEB);
    for (const change of [
      { iss: "https://other.example.com" },
      { sub: "other" },
      { aud: "other" },
      { iss: 1 },
      { sub: 1 },
    ]) {
      files.set("/job/token.jwt", jwt({ ...CLAIMS, ...change }));
      expect(identity(WEB), JSON.stringify(change)).not.toBe(before);
    }
    files.set("/job/token.jwt", jwt({ ...CLAIMS, jti: "2" }));
    expect(identity(WEB)).toBe(before);
  });

  it.each([{ iss: "https://ci.example.com" }, { sub: "repo:example/app" }])(
    "is told by the whole token where that says only %j",
    (claims) => {
      const [one, other] = ["1", "2"].map((jti) => {
        files.set("/job/token.jwt", jwt({ ...claims, jti }));
        return identity(WEB);
      });
      expect(one).not.toBe(other);
    },
  );

  it("is told by a digest of a token that says nothing of itself", () => {
    files.set("/job/token.jwt", "opaque-token\n");
    const before = identity(WEB);
    expect(before).not.toContain("opaque-token");
    expect(before).toContain(sha256("opaque-token"));
    files.set("/job/token.jwt", "other-token\n");
    expect(identity(WEB)).not.toBe(before);
  });

  it("holds the user for a name that was made up", () => {
    const source = { ...WEB, sessionNameGenerated: true };
    expect(identity({ ...source, sessionName: "x" })).toBe(identity(source));
    expect(identity(source, { user: "bob" })).not.toBe(identity(source));
    expect(identity(source, { host: "other" })).toBe(identity(source));
  });

  it("is unknown without its token", () => {
    files.delete("/job/token.jwt");
    expect(identity(WEB)).toBeUndefined();
    files.set("/job/token.jwt", new Error("it is a directory"));
    expect(identity(WEB)).toBeUndefined();
  });
});

describe("SSO", () => {
  beforeEach(() => void files.set(SSO_FILE, JSON.stringify({ accessToken: "sso-access-token" })));

  it.each<[string, Partial<typeof SSO>]>([
    ["start URL", { startUrl: "https://other.awsapps.com/start" }],
    ["region", { region: "us-east-1" }],
    ["account", { accountId: "222222222222" }],
    ["role", { roleName: "Admin" }],
    ["endpoint", { endpoint: "https://portal.sso.us-east-1.amazonaws.com" }],
  ])("is another for another %s", (_, change) => {
    expect(identity({ ...SSO, ...change })).not.toBe(identity(SSO));
  });

  it("is another for another login, whose token is not shown", () => {
    const before = identity(SSO);
    expect(before).not.toContain("sso-access-token");
    files.set(SSO_FILE, JSON.stringify({ accessToken: "other-access-token" }));
    expect(identity(SSO)).not.toBe(before);
  });

  it.each([undefined, "{", "{}", '{"accessToken":1}'])("is unknown without a login: %s", (content) => {
    if (content === undefined) files.delete(SSO_FILE);
    else files.set(SSO_FILE, content);
    expect(identity(SSO)).toBeUndefined();
  });
});

describe("a login session", () => {
  const source: Source = { kind: "login", from: "config:1", profile: "login", session: SESSION };

  it("is told by its key of possession, which is not shown", () => {
    files.set(LOGIN_FILE, JSON.stringify({ dpopKey: "private-key-1", accessToken: { accessKeyId: "ASIA1" } }));
    const before = identity(source);
    expect(before).not.toContain("private-key");
    files.set(LOGIN_FILE, JSON.stringify({ dpopKey: "private-key-1", accessToken: { accessKeyId: "ASIA2" } }));
    expect(identity(source)).toBe(before);
    files.set(LOGIN_FILE, JSON.stringify({ dpopKey: "private-key-2" }));
    expect(identity(source)).not.toBe(before);
    const other = "arn:aws:iam::111111111111:user/bob";
    files.set(`${HOME}/.aws/login/cache/${sha256(other)}.json`, JSON.stringify({ dpopKey: "private-key-1" }));
    expect(identity({ ...source, session: other })).not.toBe(before);
    files.delete(LOGIN_FILE);
    expect(identity(source)).toBeUndefined();
  });
});

describe("a process", () => {
  const source = (command: string): Source => ({ kind: "process", from: "config:1", profile: "c", command });

  it("is told by its command, and by its folder where the path is relative", () => {
    expect(identity(source("helper a"))).not.toBe(identity(source("helper b")));
    for (const command of ["helper a/b", "/usr/bin/helper x"])
      expect(identity(source(command), { cwd: "/other" }), command).toBe(identity(source(command)));
    for (const command of ["./helper", "bin/helper x", "../helper"])
      expect(identity(source(command), { cwd: "/other" }), command).not.toBe(identity(source(command)));
  });
});

it("no two kinds of source are ever one", () => {
  const env = { AWS_ACCESS_KEY_ID: "AKIA1", AWS_SECRET_ACCESS_KEY: "secret" };
  const [from, endpoint] = ["config:1", "http://127.0.0.1:1"];
  files.set("/job/token.jwt", jwt(CLAIMS));
  files.set(SSO_FILE, JSON.stringify({ accessToken: "sso-access-token" }));
  files.set(LOGIN_FILE, JSON.stringify({ dpopKey: "private-key" }));
  const sources: Source[] = [
    ...[KEYS, WEB, SSO],
    { kind: "environment", from },
    { kind: "instance", from, endpoint, disabled: false, speculative: false },
    { kind: "container", from, endpoint },
    { kind: "login", from, profile: "login", session: SESSION },
    { kind: "process", from, profile: "c", command: "helper" },
  ];
  for (const source of sources)
    expect(sourceIdentity(context({ env }), source)).toEqual(expect.arrayContaining([source.kind]));
});
