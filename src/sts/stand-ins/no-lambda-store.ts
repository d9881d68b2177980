// Replaces AWS Lambda's store of trace headers in the bundle. The SDK would add it as a global to a program that only wants
// credentials.
export const InvokeStore = { getInstanceAsync: (): Promise<undefined> => Promise.resolve(undefined) };
