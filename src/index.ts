// The library: credentials for a profile as a provider of the AWS SDK v3, from the same cache and under the same lock as the command.
import { seconds } from "./chain/limits.ts";
import { prepareRole } from "./commands/prepare.ts";
import { libraryContext, type Context } from "./context.ts";
import { obtainCredentials, type Caching } from "./credentials/obtain.ts";
import { XroleError as Told } from "./errors.ts";
import { inOptions, XroleError } from "./library/error.ts";
import { checkOptions, roleOptions } from "./library/options.ts";
import type * as Public from "./library/types.ts";

export { XroleError };

/** Clients of the SDK ask again when 5 minutes are left: what they get must outlive that. Seconds. */
const MIN_TTL = 600;

export const fromXrole: typeof Public.fromXrole = (options = {}) => {
  translated(() => checkOptions(options));
  let asked: Promise<Public.XroleCredentials> | undefined;
  // Who asks while an answer is on its way gets the same one.
  return () =>
    (asked ??= obtain(options)
      .catch((error: unknown) => {
        throw translate(error);
      })
      .finally(() => (asked = undefined)));
};

async function obtain(options: Public.XroleOptions): Promise<Public.XroleCredentials> {
  const context: Context = libraryContext(options.env, options.debug);
  const warn = (warning: string): void => options.warn?.(inOptions(warning));
  const { host, ...request } = prepareRole(context, {
    profile: options.profile,
    role: roleOptions(options),
    caching: caching(options),
    warn,
  });
  return obtainCredentials(host, { ...request, askMfaCode: askerOf(options) });
}

/** Whom to ask for an MFA code. */
function askerOf({ mfaCodeProvider }: Public.XroleOptions): (serial: string, where: string) => Promise<string> {
  return (
    mfaCodeProvider ?? ((serial, where) => Promise.reject(new Told("mfa-needed", { where, serial, isProgram: true })))
  );
}

/** @throws XroleError `setting-invalid` */
function caching({ cache, fresh, minTtl }: Public.XroleOptions): Caching {
  const given = minTtl === undefined ? undefined : { value: String(minTtl), where: "command line", name: "--min-ttl" };
  return {
    mode: cache === false ? "off" : fresh === true ? "fresh" : "on",
    minTtl: given ? seconds(given, [0, 43200]) : MIN_TTL,
    isMinTtlGiven: given !== undefined,
  };
}

function translated(check: () => void): void {
  try {
    check();
  } catch (error) {
    throw translate(error);
  }
}

/** What a program's own callback threw is its own. */
function translate(error: unknown): unknown {
  return error instanceof Told ? (new XroleError(error) satisfies Fields<Public.XroleError>) : error;
}

type Fields<Type> = { readonly [Key in keyof Type]: Type[Key] };
