// A program of a user of the library, as an ES module: compiled and run against what npm would publish (scripts/check-package.mjs).
import { fromXrole, XroleError, type XroleCredentials, type XroleErrorCode, type XroleOptions } from "xrole";

declare const console: { readonly log: (...words: readonly unknown[]) => void };

const options: XroleOptions = {
  profile: "b-s3",
  minTtl: 900,
  mfaCodeProvider: (serial) => Promise.resolve(serial),
  warn: (warning) => console.log(warning.toUpperCase()),
};
const credentials: XroleCredentials = await fromXrole(options)();
console.log("account", credentials.accountId, "until", credentials.expiration?.getFullYear() !== undefined);

try {
  await fromXrole({ profile: "nope" })();
} catch (error) {
  if (!(error instanceof XroleError)) throw error;
  const code: XroleErrorCode = error.code;
  console.log("error", code === "profile-not-found", error.hint !== undefined, error.status);
  // @ts-expect-error no such code
  console.log("error", error.code === "nonsense");
}

// @ts-expect-error no such option
const mistaken: XroleOptions = { profil: "b-s3" };
// @ts-expect-error made by the library only
const made = (): unknown => new XroleError();
console.log("types", typeof mistaken, typeof made);
