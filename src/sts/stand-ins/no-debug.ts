// Stands in the bundle for the package `debug`, whose output under DEBUG=* would show a proxy's password.
export default (): (() => void) => () => undefined;
