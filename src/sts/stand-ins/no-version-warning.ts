// Stands in the bundle for the SDK's warning that it will leave Node 20 one day (scripts/build.mjs): that is for xrole's developers
// to know, not for a user's stderr.
export const state = { warningEmitted: true };
export const emitWarningIfUnsupportedVersion = (): undefined => undefined;
