// The package's version: put in by the bundler (scripts/build.mjs), unknown when the sources run unbundled in a test.
declare const XROLE_VERSION: string | undefined;

export const VERSION = typeof XROLE_VERSION === "string" ? XROLE_VERSION : "0.0.0";
