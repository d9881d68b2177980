// The groups of commands, so that help and the manual show them under the same headings, in the same order.

export const GROUPS = ["Use a role", "Look", "Set up and repair", "Services", "Other"] as const;

export type Group = (typeof GROUPS)[number];

/** The commands in the order of their groups, and within one in their own. */
export const byGroup = <C extends { readonly group: Group }>(commands: readonly C[]): C[] =>
  GROUPS.flatMap((group) => commands.filter((command) => command.group === group));
