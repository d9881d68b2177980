// Profiles to requests and credentials, as the AWS CLI was seen to make them; pinned rules are applied in the vectors.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { answerInProcess, signature, withoutRetries, type Recorded, type Reply } from "./support/answer.ts";
import { commandLine } from "./support/command-line.ts";
import { vectorFiles } from "./support/vectors.ts";

interface Rule extends Reply {
  readonly method: string;
  readonly url?: string;
  readonly urlContains?: string;
  readonly times?: number;
}

interface Expected {
  readonly method: string;
  readonly url: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signedBy?: string | null;
  readonly signingRegion?: string;
  readonly securityToken?: string;
  readonly outcome: number | string;
}

interface Case {
  readonly id: string;
  readonly docs: string;
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string | null>>;
  readonly profile: string | null;
  readonly http: readonly Rule[];
  readonly expect: {
    readonly requests?: readonly Expected[];
    readonly credentials?: Readonly<Record<string, string>>;
    readonly error?: true;
  };
}

for (const name of ["resolution", "imds-ecs-env", "files-and-misc"]) {
  describe(`aws-cli/${name}.json`, () => {
    for (const text of vectorFiles(`aws-cli/${name}.json`)) {
      for (const one of (JSON.parse(text) as { cases: Case[] }).cases) {
        it(`${one.id}: ${one.docs}`, () => check(one));
      }
    }
  });
}

async function check(one: Case): Promise<void> {
  const root = makeHome();
  const inRoot = (text: string): string => text.replaceAll("${ROOT}", root);
  for (const [path, content] of Object.entries(one.files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), inRoot(content));
  }
  const env: Record<string, string> = { HOME: join(root, "home"), PATH: process.env.PATH ?? "" };
  for (const [name, value] of Object.entries(one.env)) if (value !== null) env[name] = inRoot(value);

  const left = one.http.map(({ times = Infinity }) => times);
  const recorded = answerInProcess(({ method, url, body }) => {
    const at = one.http.findIndex(
      (rule, index) =>
        rule.method === method &&
        (rule.url === undefined || inRoot(rule.url) === url) &&
        (rule.urlContains === undefined || url.includes(inRoot(rule.urlContains))) &&
        (left[index] ?? 0) > 0,
    );
    const rule = one.http[at];
    if (!rule) return method === "POST" && new URL(url).hostname.includes("sts") ? fakeSts(body) : { error: "refused" };
    left[at] = (left[at] ?? 0) - 1;
    return rule;
  });

  const words = ["credential-process", ...(one.profile === null ? [] : [one.profile])];
  const result = await commandLine(words, { env, cwd: root });
  const expectedRequests = one.expect.requests ?? [];
  expect(withoutRetries(recorded).map((asked, at) => shape(asked, expectedRequests[at]))).toEqual(expectedRequests);
  if (one.expect.error) {
    expect(result.status, result.stderr).not.toBe(0);
    expect(result.stdout).toBe("");
  } else {
    expect(result.status, result.stderr).toBe(0);
    const fields = Object.entries(JSON.parse(result.stdout) as Record<string, string>).filter(
      ([key]) => key !== "Version",
    );
    const lowered = fields.map(([key, value]) => [key.charAt(0).toLowerCase() + key.slice(1), value]);
    expect(Object.fromEntries(lowered)).toEqual(one.expect.credentials);
  }
}

/** A recorded request with just the fields that the expected one has. */
function shape(asked: Recorded, expected: Expected | undefined): Partial<Expected> {
  const all = new URLSearchParams(asked.body);
  all.delete("Version");
  if (all.get("DurationSeconds") === "3600" && expected?.params?.DurationSeconds === undefined)
    all.delete("DurationSeconds");
  if (expected?.params?.RoleSessionName === "<default>" && all.get("RoleSessionName")?.startsWith("xrole-"))
    all.set("RoleSessionName", "<default>");
  const headers = Object.fromEntries(
    Object.keys(expected?.headers ?? {}).map((name) => [name, asked.headers[name] ?? ""]),
  );
  const securityToken = asked.headers["x-amz-security-token"];
  return {
    method: asked.method,
    url: asked.url,
    ...(asked.method === "POST" && { params: Object.fromEntries(all) }),
    ...(expected?.headers && { headers }),
    // A call that is not signed is written so.
    ...(expected?.signedBy === null && { signedBy: null }),
    ...signature(asked),
    ...(securityToken !== undefined && { securityToken }),
    outcome: asked.outcome,
  };
}

function fakeSts(body: string): Reply {
  const asked = new URLSearchParams(body);
  const action = asked.get("Action") ?? "";
  const [, , , , account, role = ""] = (asked.get("RoleArn") ?? "").split(":");
  const name = role.split("/").at(-1) ?? "";
  const session = asked.get("RoleSessionName") ?? "";
  return {
    headers: { "content-type": "text/xml" },
    body: `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
<AssumedRoleUser><AssumedRoleId>AROA:${session}</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-role/${name}/${session}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIA${name}</AccessKeyId><SecretAccessKey>secret${name}</SecretAccessKey><SessionToken>token${name}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>
</${action}Result></${action}Response>`,
  };
}
