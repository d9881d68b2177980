// What messages and hints share, and what warnings say in the same words.

/** A name as a word of a shell. */
export const word = (name: string): string =>
  /^[\w@%+=:,./-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;

const list = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(", ");

/** The names that are close to a wrong one, as a question; undefined where there are none. */
export const didYouMean = (close: readonly string[]): string | undefined =>
  close.length > 0 ? `did you mean ${list(close)}?` : undefined;

/** A section header that defines no profile, and how it would (config/absent-profile.ts). */
export interface Header {
  readonly where: string;
  readonly written: string;
  readonly instead: string;
}
export const headerInWords = ({ where, written, instead }: Header): string =>
  `${where} has ${written}, which is not read as a profile; write ${instead}`;

/** A file that does not exist, and the variable that names it. */
export interface Missing {
  readonly path: string;
  readonly namedBy?: string;
}
const namedFile = ({ path, namedBy }: Missing): string => (namedBy === undefined ? path : `${path} (${namedBy})`);

/** Which of the files that were looked for do not exist; undefined where none is missing. */
export function missingFiles(missing: readonly Missing[]): string | undefined {
  const [first, second] = missing;
  if (!first) return undefined;
  const text = second
    ? `neither ${namedFile(first)} nor ${namedFile(second)} exists`
    : `${namedFile(first)} does not exist`;
  return missing.some(({ path, namedBy }) => namedBy !== undefined && path.includes("$"))
    ? `${text}; xrole expands a leading ~/ in these variables, and no $NAME`
    : text;
}
