// The entry point of the library: a credential provider for the AWS SDK v3. It uses the same cache and the same lock as the command line.
import { seconds } from "./plan/options/limits.ts";
import { prepareRole } from "./commands/shared/prepare.ts";
import { libraryContext } from "./context/library.ts";
import type { Context } from "./context/types.ts";
import { obtainCredentials } from "./credentials/obtain.ts";
import type { Caching } from "./credentials/resolving.ts";
import { XroleError as Told } from "./errors/error.ts";
import { inOptions, XroleError } from "./library/error.ts";
import { refuseNested, whileWaiting } from "./library/nesting.ts";
import { roleOptions } from "./library/options.ts";
import { readOptions, type ReadOptions } from "./library/read-options.ts";
import type * as Public from "./library/types.ts";
import { visible } from "./terminal/visible.ts";

export { XroleError };

/** Seconds. Clients of the SDK call again 5 minutes before the credentials expire, so those must be valid for longer. */
const MIN_TTL = 600;

export const fromXrole: typeof Public.fromXrole = (given) => {
  const options = translated(() => readOptions(given));
  let asked: { readonly where: string; readonly found: Promise<Public.XroleCredentials> } | undefined;
  const provider: Public.XroleProvider = async () => {
    translated(() => refuseNested(provider));
    const context = translated(() => libraryContext(options.env, quiet(options.debug)));
    // Calls at the same time share one request, unless the environment or the working directory has changed meanwhile.
    const where = JSON.stringify([context.cwd, context.env]);
    if (asked?.where !== where) asked = start(where, context);
    const found = await asked.found;
    // Each caller gets its own copy, so that changes by one do not affect the others.
    return { ...found, ...(found.expiration && { expiration: new Date(found.expiration) }) };
  };
  return provider;

  function start(where: string, context: Context): NonNullable<typeof asked> {
    let settle: (found: Promise<Public.XroleCredentials>) => void = () => undefined;
    const found = new Promise<Public.XroleCredentials>((resolve) => (settle = resolve)).finally(() => {
      if (asked === starting) asked = undefined;
    });
    const starting = { where, found };
    // It is there before the work begins, which may call `debug`, and that the provider.
    asked = starting;
    settle(
      obtain(context, options, provider).catch((error: unknown) => {
        throw translate(error);
      }),
    );
    return starting;
  }
};

async function obtain(
  context: Context,
  options: ReadOptions,
  provider: Public.XroleProvider,
): Promise<Public.XroleCredentials> {
  const tell = quiet(options.warn);
  const warn = (warning: string): void => tell?.(inOptions(warning));
  const { host, ...request } = prepareRole(context, {
    profile: options.profile,
    role: roleOptions(options),
    caching: caching(options),
    warn,
  });
  /** The sessions that this call obtains while others wait for them. */
  const holding = new Set<string>();
  const nesting = { holding, refuseNested };
  return obtainCredentials(host, { ...request, nesting, askMfaCode: askerOf(options, [provider, holding]) });
}

/** A program's function that is only told something: what it throws stops nothing. */
function quiet(tell: ((text: string) => void) | undefined): ((text: string) => void) | undefined {
  return (
    tell &&
    ((text) => {
      try {
        tell(visible(text));
      } catch {
        // It has had what there is to tell.
      }
    })
  );
}

/** Asks the program's mfaCodeProvider for an MFA code. The provider, and everything that waits for its sessions, waits for the code. */
function askerOf(
  { mfaCodeProvider }: ReadOptions,
  [provider, holding]: [provider: Public.XroleProvider, holding: ReadonlySet<string>],
): (serial: string, where: string) => Promise<string> {
  return async (serial, where) => {
    if (!mfaCodeProvider) throw new Told("mfa-needed", { where, serial, isProgram: true });
    // A nested call that needs a code of the same device, without a shared session, would ask endlessly.
    refuseNested(serial);
    const code: unknown = await whileWaiting([provider, serial, ...holding], () => mfaCodeProvider(serial));
    if (typeof code !== "string")
      throw new Told("usage", { problem: `mfaCodeProvider must give a string, not ${typeof code}` });
    return code;
  };
}

/** @throws XroleError `setting-invalid` */
function caching({ cache, fresh, minTtl }: ReadOptions): Caching {
  const given = minTtl === undefined ? undefined : { value: String(minTtl), where: "command line", name: "--min-ttl" };
  return {
    mode: cache === false ? "off" : fresh === true ? "fresh" : "on",
    minTtl: given ? seconds(given, [0, 43200]) : MIN_TTL,
    isMinTtlGiven: given !== undefined,
  };
}

function translated<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw translate(error);
  }
}

/** Converts xrole's errors. Errors of the program's own callbacks stay as they are. */
function translate(error: unknown): unknown {
  return error instanceof Told ? (new XroleError(error) satisfies Fields<Public.XroleError>) : error;
}

type Fields<Type> = { readonly [Key in keyof Type]: Type[Key] };
