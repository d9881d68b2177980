// Replaces the package `debug` in the bundle, whose output under DEBUG=* would show a proxy's password.
export default (): (() => void) => () => undefined;
