// Whole runs that smithy-rs recorded: files, environment and HTTP traffic to credentials, or to an error.
import { cpSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeHome } from "../harness/home.ts";
import { answerInProcess, type Recorded, type Reply } from "./support/answer.ts";
import { commandLine } from "./support/command-line.ts";
import { ABSENT, vectorFolders, wholeAccounts } from "./support/vectors.ts";

interface Event {
  readonly connection_id: number;
  readonly action: {
    readonly Request?: { readonly request: { readonly method: string; readonly uri: string } };
    readonly Response?: { readonly response: { readonly Ok: { status: number; headers: Record<string, string[]> } } };
    readonly Data?: { readonly data: { readonly Utf8: string }; readonly direction: "Request" | "Response" };
  };
}

interface Exchange {
  readonly method: string;
  readonly uri: string;
  body: string;
  readonly reply: { status: number; headers: Record<string, string>; body: string };
}

interface TestCase {
  readonly docs: string;
  readonly result: {
    readonly Ok?: {
      readonly access_key_id: string;
      readonly secret_access_key: string;
      readonly session_token?: string;
      readonly account_id?: string;
      /** Seconds since 1970. */
      readonly expiry?: number;
    };
    readonly ErrorContains?: string;
  };
}

/** What a case needs beside its folder, and the rule that says why. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // Rule 36: plain http off loopback only where the user says so.
  assume_role_override_global_env_url: { XROLE_ALLOW_HTTP: "1" },
  assume_role_override_global_profile_url: { XROLE_ALLOW_HTTP: "1" },
  assume_role_override_service_env_url: { XROLE_ALLOW_HTTP: "1" },
  assume_role_override_service_profile_url: { XROLE_ALLOW_HTTP: "1" },
  sso_override_global_env_url: { XROLE_ALLOW_HTTP: "1" },
  // Rule 40: in the default chain, where there may be no instance, xrole asks once.
  imds_default_chain_retries: { AWS_METADATA_SERVICE_NUM_ATTEMPTS: "4" },
};

/** Cases that expect what a rule overrides. One that passes must leave this list. */
const OVERRIDDEN: Readonly<Record<string, string>> = {
  credential_process: "51: no shell runs the command",
  credential_process_account_id_fallback: "51: no shell runs the command",
};

afterEach(() => {
  vi.useRealTimers();
});

for (const [group, isNamed] of [
  ["default-credential-provider-chain", false],
  ["profile-provider", true],
] as const) {
  describe(`smithy-rs ${group}`, () => {
    const folders = vectorFolders(`smithy-rs/aws-config/${group}`);
    if (folders.length === 0) it.skip(ABSENT);
    for (const folder of folders) {
      const name = basename(folder);
      const rule = OVERRIDDEN[name];
      const test = rule === undefined ? it : it.fails;
      test(`${name}${rule === undefined ? "" : ` (overridden by rule ${rule})`}`, () => replay(folder, name, isNamed));
    }
  });
}

async function replay(folder: string, name: string, isNamed: boolean): Promise<void> {
  const read = (file: string): unknown => JSON.parse(wholeAccounts(readFileSync(join(folder, file), "utf8")));
  const { result } = read("test-case.json") as TestCase;
  const root = makeHome();
  if (existsSync(join(folder, "fs"))) cpSync(join(folder, "fs"), root, { recursive: true });
  const inRoot = (path: string): string => join(root, path);
  const config = inRoot("home/.aws/config");
  if (existsSync(config)) {
    const text = wholeAccounts(readFileSync(config, "utf8"));
    writeFileSync(
      config,
      text.replace(/(web_identity_token_file\s*=\s*)(\/\S+)/g, (_, key: string, path: string) => key + inRoot(path)),
    );
  }
  const env: Record<string, string> = { PATH: process.env.PATH ?? "", ...SETTINGS[name] };
  for (const [key, value] of Object.entries(read("env.json") as Record<string, string>))
    env[key] = key === "HOME" || key.endsWith("TOKEN_FILE") ? inRoot(value) : value;

  const expected = result.Ok;
  if (expected?.expiry !== undefined)
    vi.useFakeTimers({ toFake: ["Date"], now: new Date((expected.expiry - 3600) * 1000) });
  const traffic = existsSync(join(folder, "http-traffic.json"))
    ? exchangesOf((read("http-traffic.json") as { events: Event[] }).events)
    : [];
  let next = 0;
  const unexpected: string[] = [];
  answerInProcess((asked): Reply => {
    const here = traffic[next];
    if (here && isSame(asked, here)) {
      next++;
      return here.reply;
    }
    // A retry that the recording does not have gets the same answer again.
    const before = traffic[next - 1];
    if (before && isSame(asked, before)) return before.reply;
    unexpected.push(`${asked.method} ${asked.url} ${asked.body}`);
    return { error: "refused" };
  });
  const words = ["credential-process", ...(isNamed ? [env.AWS_PROFILE ?? "default"] : [])];
  const run = await commandLine(words, { env, cwd: root });

  expect(unexpected).toEqual([]);
  expect(next, "requests made of those recorded").toBe(traffic.length);
  if (!expected) {
    expect(run.status, run.stderr).not.toBe(0);
    expect(run.stdout).toBe("");
    return;
  }
  expect(run.status, run.stderr).toBe(0);
  expect(JSON.parse(run.stdout)).toEqual({
    Version: 1,
    AccessKeyId: expected.access_key_id,
    SecretAccessKey: expected.secret_access_key,
    ...(expected.session_token !== undefined && { SessionToken: expected.session_token }),
    ...(expected.account_id !== undefined && { AccountId: expected.account_id }),
    ...(expected.expiry !== undefined && {
      Expiration: new Date(expected.expiry * 1000).toISOString().replace(".000Z", "Z"),
    }),
  });
}

function exchangesOf(events: readonly Event[]): Exchange[] {
  const byConnection = new Map<number, Exchange>();
  for (const { connection_id, action } of events) {
    const { Request, Response, Data } = action;
    if (Request) {
      const reply = { status: 200, headers: {}, body: "" };
      byConnection.set(connection_id, { method: Request.request.method, uri: Request.request.uri, body: "", reply });
    }
    const one = byConnection.get(connection_id);
    if (!one) continue;
    if (Response) {
      one.reply.status = Response.response.Ok.status;
      for (const [key, values] of Object.entries(Response.response.Ok.headers))
        // Some recorded dates are later than the expirations beside them; the test's clock stands instead.
        if (!/^(content-length|connection|date)$/i.test(key)) one.reply.headers[key] = values.join(", ");
    }
    if (Data?.direction === "Request") one.body += Data.data.Utf8;
    if (Data?.direction === "Response") one.reply.body += Data.data.Utf8;
  }
  return [...byConnection.values()];
}

function isSame(asked: Omit<Recorded, "outcome">, expected: Exchange): boolean {
  return (
    asked.method === expected.method && url(asked.url) === url(expected.uri) && body(asked.body) === body(expected.body)
  );
}

function url(text: string): string {
  const parsed = new URL(text);
  parsed.searchParams.sort();
  return parsed.href;
}

/** A request's parameters; session names are each implementation's own. */
function body(text: string): string {
  const parameters = new URLSearchParams(text);
  parameters.delete("RoleSessionName");
  // The recordings of web identity hold other tokens, and some other roles, than the files beside them.
  if (parameters.has("WebIdentityToken")) ["WebIdentityToken", "RoleArn"].forEach((name) => parameters.delete(name));
  parameters.sort();
  return parameters.toString();
}
