// What the files say, with the place that says it: every value keeps its file and line, so that an error can name them.

export interface Setting {
  /** As written, trimmed; "" counts as absent (rule 5). A nested block is kept raw, each line after a newline. */
  readonly value: string;
  readonly file: string;
  readonly line: number;
  /** The same key further up, or in the config file, whose place this one took. */
  readonly over?: Setting;
  /** The `k = v` lines below an empty value (rule 8), by lower-case key. */
  readonly nested?: Settings;
  /** The `k = v` lines that continue a value which is not empty, likewise: part of the value, and perhaps meant as settings. */
  readonly continued?: Settings;
}

/** Settings by lower-case key (rule 5). A Map: `__proto__` is an ordinary name (rule 13). */
export type Settings = ReadonlyMap<string, Setting>;

/** One `[...]` section, or several of the same name merged (rule 9). */
export interface Section {
  readonly name: string;
  readonly file: string;
  /** The line of the first header. */
  readonly line: number;
  readonly settings: Settings;
}

/** Sections by name, in the order of the file. */
export interface Sections {
  readonly get: (name: string) => Section | undefined;
  readonly keys: () => Iterable<string>;
  readonly values: () => Iterable<Section>;
}

/** A section header that defines nothing. */
export interface UnreadHeader {
  /** As it is written, in its brackets. */
  readonly header: string;
  readonly kind: "config" | "credentials";
  readonly file: string;
  readonly line: number;
}

/** A file that is not there. */
export interface MissingFile {
  readonly path: string;
  /** The variable that names it. */
  readonly namedBy?: string;
}

/** What came of looking for the files. */
export interface Looked {
  /** Both files where neither is there, else the one that a variable names and that is not there. */
  readonly missing: readonly MissingFile[];
  /** Whether the files are those that xrole makes for `exec --renew` and `serve`, which hide the user's own. */
  readonly areHidden: boolean;
}

/** One file, or both merged (rule 14). */
export interface Config {
  readonly profiles: Sections;
  readonly ssoSessions: Sections;
  readonly services: Sections;
  /** Sections of the config file that lack the word `profile` (rule 1): no profiles, but good hints. */
  readonly bareSections: Sections;
  /** Headers that define nothing, such as `[profile two words]`: no profiles either, and good hints. */
  readonly unread?: readonly UnreadHeader[];
  /** The header of a `[default]` that a `[profile default]` hides (rule 10). */
  readonly hiddenDefault?: { readonly file: string; readonly line: number };
  /** Which files were looked for. */
  readonly looked?: Looked;
  /** What the credentials file says by itself, where it is merged in: its keys come before a process, the config file's after it (rule 21). */
  readonly credentialsFile?: Sections;
}
