// Names a role that only the command line gives, without a profile.

/** The name of such a role, from its role name and account: `role-b-s3@222222222222`. Role names are unique within an account. */
export const adHocName = (roleArn: string): string =>
  `${roleArn.split("/").at(-1) ?? ""}@${roleArn.split(":")[4] ?? ""}`;

/** Whether a name belongs to such a role, not to a profile. */
export const isAdHocName = (name: string): boolean => /@\d{12}$/.test(name);
