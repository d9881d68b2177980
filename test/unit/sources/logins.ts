// What the tests of `aws sso login` and `aws login` begin with.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Context } from "../../../src/context/types.ts";
import { acquireLock } from "../../../src/credentials/cache/lock.ts";
import type { RenewalTools } from "../../../src/sources/login-renewal.ts";
import { fakeAws, type Answer, type FakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";

export const NOW = Date.parse("2030-01-01T00:00:00Z");
/** A time so many seconds from NOW, as AWS writes it. */
export const inSeconds = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString().replace(".000", "");
export const digest = (kind: string, text: string): string => createHash(kind).update(text).digest("hex");

export interface LoginWorld extends FakeAws {
  readonly context: Context;
  readonly home: string;
  readonly tools: RenewalTools;
  readonly warnings: readonly string[];
  readonly debugged: readonly string[];
  /** What the login's file holds. */
  readonly kept: () => unknown;
}

/** A home with a login in `file`, as it stands or as JSON, and a server. */
export async function loginWorld(answer: Answer, file: string, login: unknown): Promise<LoginWorld> {
  const [warnings, debugged]: [string[], string[]] = [[], []];
  const home = makeHome(
    login === undefined ? {} : { [file]: typeof login === "string" ? login : JSON.stringify(login) },
  );
  const context = { env: { HOME: home }, cwd: home, platform: process.platform, now: () => NOW };
  return {
    ...(await fakeAws(answer)),
    context: { ...context, debug: (line: string) => void debugged.push(line) } as unknown as Context,
    home,
    tools: { caBundle: undefined, acquireLock, warn: (text) => void warnings.push(text) },
    warnings,
    debugged,
    kept: () => JSON.parse(readFileSync(join(home, file), "utf8")) as unknown,
  };
}

export const json =
  (status: number, body: unknown): Answer =>
  (response) =>
    void response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));

/** What a promise that must fail fails with. */
export const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
