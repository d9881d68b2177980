// Where a value of a file is given, as errors and `explain` show it.

/** `file:line`, as errors and `explain` show it. */
export function location(at: { readonly file: string; readonly line: number }): string {
  return `${at.file}:${String(at.line)}`;
}
