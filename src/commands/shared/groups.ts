// The groups of commands: the headings of help and the manual page, in their order.

export const GROUPS = ["Use a role", "Look", "Set up and repair", "Services", "Other"] as const;

export type Group = (typeof GROUPS)[number];

/** The commands sorted by group, otherwise in their own order. */
export const byGroup = <C extends { readonly group: Group }>(commands: readonly C[]): C[] =>
  GROUPS.flatMap((group) => commands.filter((command) => command.group === group));
