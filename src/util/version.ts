// The version of the package. The bundler inserts it (scripts/build.mjs); it is unknown when the sources run unbundled in a test.
declare const XROLE_VERSION: string | undefined;

export const VERSION = typeof XROLE_VERSION === "string" ? XROLE_VERSION : "0.0.0";
