// Renews a login that is stored in a file. A refresh token may work only once, so one caller at a time renews a file, across
// processes, and the others use the result in the file. Without a lock, a caller whose renewal is refused looks at the file again.
import { type AcquireLock } from "./kind.ts";
import { basename, dirname } from "node:path";
import type { CaBundle } from "../plan/sts-calls.ts";
import type { Context } from "../context/types.ts";
import { fingerprint } from "../util/digest.ts";
import { linkTarget, replaceFile } from "../util/replace-file.ts";
import { peekAtLogin, readLogin } from "./login-file.ts";

/** What renewing a login needs, besides the login. */
export interface RenewalTools {
  readonly caBundle: CaBundle | undefined;
  readonly acquireLock: AcquireLock;
  readonly warn: (warning: string) => void;
}

export interface Login {
  readonly expires: Date;
  /** The content of the file. */
  readonly record: Readonly<Record<string, unknown>>;
}

export interface Renewable<Kind extends Login> {
  readonly file: string;
  /** The endpoint at which it is renewed. */
  readonly endpoint: string;
  /** Parses the record; it is undefined if there is no file. @throws if it is not a login */
  readonly parse: (record: Record<string, unknown> | undefined) => Kind;
  readonly isRenewable: (login: Kind) => boolean;
  /** Returns a renewed login. @throws RefusedRenewal, or a network error */
  readonly renew: (login: Kind) => Promise<Kind>;
}

/** The service refuses to renew the login: the user must log in again, unless another process has renewed it. */
export class RefusedRenewal extends Error {}

/** How many milliseconds before its expiration a login is renewed, as in the AWS CLI and the SDKs. */
const RENEW_AHEAD = 5 * 60 * 1000;
/**
 * Milliseconds for one attempt. Other processes wait for it, and give up sooner than three attempts of the usual length would take.
 */
export const RENEWAL_TIMEOUT = 5000;
/** The longest time, in milliseconds, to wait for another process, which may have been stopped. */
const WAIT = 20_000;
/** Milliseconds between looks at the file after a refusal: another program may have renewed the login and not written it yet. */
const LOOKS = [0, 100, 200];

/** Renewals in progress in this process, by everything that their result depends on. */
const underWay = new Map<string, Promise<unknown>>();
/** Renewed logins that could not be written, by file: the text in the file, and the record that replaces it. */
const unwritten = new Map<string, { readonly before: string; readonly after: Login["record"] }>();

/**
 * The login in the file, renewed if it is about to expire and can be renewed. If renewing fails, a login that is still valid is
 * used.
 * @throws RefusedRenewal, what `parse` throws, or a network error
 */
export async function currentLogin<Kind extends Login>(
  context: Context,
  tools: RenewalTools,
  at: Renewable<Kind>,
): Promise<Kind> {
  const login = latest(at);
  if (isFresh(context, login)) return login;
  if (!at.isRenewable(login)) {
    if (isAlive(context, login)) return login;
    throw new RefusedRenewal("it has expired");
  }
  const { env } = context;
  const proxies = Object.entries(env).filter(([name]) => /_proxy$/i.test(name));
  const key = JSON.stringify([linkTarget(at.file), at.endpoint, tools.caBundle?.file, proxies]);
  const renewal = (underWay.get(key) as Promise<Kind> | undefined) ?? renewAlone(context, tools, at);
  underWay.set(key, renewal);
  try {
    return await renewal;
  } finally {
    if (underWay.get(key) === renewal) underWay.delete(key);
  }
}

async function renewAlone<Kind extends Login>(
  context: Context,
  tools: RenewalTools,
  at: Renewable<Kind>,
): Promise<Kind> {
  const target = linkTarget(at.file);
  const deadline = context.now() + WAIT;
  for (;;) {
    const wait = deadline - context.now();
    const name = fingerprint(basename(target));
    const lock = wait <= 0 ? "unavailable" : await tools.acquireLock(dirname(target), name, wait, context.platform);
    try {
      // Another process may have renewed it meanwhile.
      const login = latest(at);
      if (isFresh(context, login)) return login;
      if (lock !== "released") return await renewNow(context, tools, at, login);
    } finally {
      if (typeof lock === "object") await lock.release();
    }
  }
}

async function renewNow<Kind extends Login>(
  context: Context,
  { warn }: RenewalTools,
  at: Renewable<Kind>,
  login: Kind,
): Promise<Kind> {
  try {
    const renewed = await at.renew(login);
    // A login or logout of the user meanwhile takes precedence.
    const found = latest(at);
    if (textOf(found) !== textOf(login)) return isFresh(context, found) ? found : renewed;
    const problem = keep(at.file, renewed.record);
    if (problem !== undefined) {
      warn(`the renewed login is used but not kept: ${at.file}: ${problem}`);
      unwritten.set(at.file, { before: textOf({ record: peekAtLogin(at.file) }), after: renewed.record });
    }
    return renewed;
  } catch (error) {
    for (const pause of error instanceof RefusedRenewal ? LOOKS : [0]) {
      await new Promise((done) => setTimeout(done, pause));
      const found = latest(at);
      if (isFresh(context, found)) return found;
    }
    if (!isAlive(context, login)) throw error;
    context.debug(`${at.file} is not renewed: ${error instanceof Error ? error.message : String(error)}`);
    return login;
  }
}

/**
 * Replaces the login in the file. A symbolic link is kept, and its target keeps its owner and permissions.
 * @returns the problem, in words, if it could not be written
 */
function keep(file: string, record: Login["record"]): string | undefined {
  try {
    replaceFile(linkTarget(file), JSON.stringify(record), { keepsOwner: true });
    return undefined;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "EACCES" ? "permission denied" : (code ?? message);
  }
}

/** The login in the file, or the renewed one that could not be written there. */
function latest<Kind extends Login>({ file, parse }: Renewable<Kind>): Kind {
  const record = readLogin(file);
  const mine = unwritten.get(file);
  return parse(record && textOf({ record }) === mine?.before ? { ...mine.after } : record);
}

const textOf = ({ record }: Pick<Login, "record">): string => JSON.stringify(record);

const isFresh = (context: Context, { expires }: Login): boolean => expires.getTime() - context.now() > RENEW_AHEAD;
const isAlive = (context: Context, { expires }: Login): boolean => expires.getTime() > context.now();
