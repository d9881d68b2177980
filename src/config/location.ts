// Formats the location of a value in a file, for errors and `explain`.

/** `file:line` */
export function location(at: { readonly file: string; readonly line: number }): string {
  return `${at.file}:${String(at.line)}`;
}
