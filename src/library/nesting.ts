// Detects deadlocks: while a program's mfaCodeProvider runs, it must not call a provider that waits for the same MFA code.
import { AsyncLocalStorage } from "node:async_hooks";
import { channel } from "node:diagnostics_channel";
import { XroleError } from "../errors/error.ts";

/** What waits for a code: providers, and the cache keys of sessions that are being obtained. */
type Waiting = ReadonlySet<unknown>;

/** A program may have the library twice, as an ES module and as CommonJS: the name leads both to one channel, and so to one storage. */
const shared: object & { waiting?: AsyncLocalStorage<Waiting> } = channel("xrole.mfa-code");
const waiting = (shared.waiting ??= new AsyncLocalStorage<Waiting>());

/** Runs the function that provides the code, while `who` wait for it. */
export function whileWaiting<Result>(who: Iterable<unknown>, run: () => Result): Result {
  return waiting.run(new Set([...(waiting.getStore() ?? []), ...who]), run);
}

/** @throws XroleError `usage` if `who` waits for the caller */
export function refuseNested(who: unknown): void {
  if (!waiting.getStore()?.has(who)) return;
  throw new XroleError("usage", {
    problem: "mfaCodeProvider asks for the credentials that are waiting for its code",
    hint: "let it ask for credentials that need no code of the same device",
  });
}
