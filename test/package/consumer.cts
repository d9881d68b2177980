// A program of a user of the library, in CommonJS: compiled and run against what npm would publish (scripts/check-package.mjs).
import xrole = require("xrole");

declare const console: { readonly log: (...words: readonly unknown[]) => void };

const provider: xrole.XroleProvider = xrole.fromXrole({ profile: "b-s3" });
void provider().then(({ accountId, expiration }: xrole.XroleCredentials) =>
  console.log("account", accountId, "until", expiration?.getFullYear() !== undefined),
);
