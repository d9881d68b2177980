// The types of parsed config files. Every value keeps its file and line, so that errors can name them.

export interface Setting {
  /** As written, trimmed; "" counts as absent (rule 5). A nested block is kept raw, each line after a newline. */
  readonly value: string;
  readonly file: string;
  readonly line: number;
  /** The value that this one overrides: an earlier one of the same key, or that of the config file. */
  readonly over?: Setting;
  /** The `k = v` lines below an empty value (rule 8), by lower-case key. */
  readonly nested?: Settings;
  /** The `k = v` lines that continue a non-empty value, by lower-case key: part of the value, but perhaps meant as settings. */
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

/** A file that does not exist. */
export interface MissingFile {
  readonly path: string;
  /** The variable that names it. */
  readonly namedBy?: string;
}

/** The result of looking for the files. */
export interface Looked {
  /** Both files if neither exists; otherwise the missing one, if a variable names it. */
  readonly missing: readonly MissingFile[];
  /** Whether the files are those that xrole creates for `exec --renew` and `serve`, which hide the user's own. */
  readonly areHidden: boolean;
}

/** One file, or both merged (rule 14). */
export interface Config {
  readonly profiles: Sections;
  readonly ssoSessions: Sections;
  readonly services: Sections;
  /** Sections of the config file without the word `profile` (rule 1). They are not profiles, but useful for hints. */
  readonly bareSections: Sections;
  /** Headers that define nothing, such as `[profile two words]`. Also useful for hints. */
  readonly unread?: readonly UnreadHeader[];
  /** The header of a `[default]` that a `[profile default]` hides (rule 10). */
  readonly hiddenDefault?: { readonly file: string; readonly line: number };
  /** The result of looking for the files. */
  readonly looked?: Looked;
  /** The profiles of the credentials file alone, if it is merged: its keys come before a process, those of the config file after (rule 21). */
  readonly credentialsFile?: Sections;
}
