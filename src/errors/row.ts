/**
 * What the error table holds for one code. `Details` is what an XroleError of this code is made with, and what the texts may name;
 * passwords are already removed from it.
 */
export interface Row<Details> {
  /** Exit status (status.ts). */
  readonly status: number;
  /** Another exit status, for the details that `applies` is true of. */
  readonly or?: { readonly status: number; readonly applies: (at: Details) => boolean };
  /** What is wrong, and in which file and line. */
  readonly message: string | ((at: Details) => string);
  /** What to do about it, in this case. */
  readonly hint?: string | ((at: Details) => string | undefined);
  /** For docs/errors.md: when the error happens. Markdown. */
  readonly when: string;
  /** For docs/errors.md: what to do in general. Markdown. */
  readonly fix: string;
}

/** A row of the table. The default is an error without details. */
export const row = <Details = Record<string, never>>(data: Row<Details>): Row<Details> => data;
