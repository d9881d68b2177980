// The name of a role that no profile names.

/** A role that only the command line names, by its role and account: `role-b-s3@222222222222`. No two roles of an account share a name. */
export const adHocName = (roleArn: string): string =>
  `${roleArn.split("/").at(-1) ?? ""}@${roleArn.split(":")[4] ?? ""}`;

/** Whether a name is such a role's, and no profile's. */
export const isAdHocName = (name: string): boolean => /@\d{12}$/.test(name);
