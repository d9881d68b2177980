// Stands in the bundle for AWS Lambda's store of trace headers, which the SDK would make a global of a program that only wants credentials.
export const InvokeStore = { getInstanceAsync: (): Promise<undefined> => Promise.resolve(undefined) };
