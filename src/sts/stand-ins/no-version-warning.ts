// Replaces the SDK's warning that it will drop Node 20 in the future (scripts/build.mjs): that concerns the developers of xrole,
// not its users.
export const state = { warningEmitted: true };
export const emitWarningIfUnsupportedVersion = (): undefined => undefined;
