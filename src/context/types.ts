// The Context: the outside world as a value (environment, home folder, clock, streams). Tests replace it; no other part of xrole
// reads `process`.

export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream for text. `write` resolves when the text has been written, and rejects with `output-failed`. */
export interface Output {
  readonly isTerminal: boolean;
  readonly write: (text: string) => Promise<void>;
  /** From now on, `write` passes every text to `take` instead. */
  readonly divert?: (take: (text: string) => void) => void;
  /**
   * Closes the stream, so that its reader sees the end while xrole continues. A terminal stays open. Nothing may be written
   * afterwards.
   */
  readonly release: () => void;
}

/** A list to choose from. */
export interface Choosing {
  readonly question: string;
  /** `label` is shown and searched; `short` is shown after the choice. */
  readonly choices: readonly { readonly value: string; readonly label: string; readonly short: string }[];
  /** The value that is selected at first. */
  readonly preferred?: string;
  readonly isColored: boolean;
}

export interface Context {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  /** The command that runs this xrole again: the path of Node, and the path of the script. */
  readonly executable: readonly string[];
  /** The current time, in milliseconds since 1970. */
  readonly now: () => number;
  /** When this process started, in milliseconds since 1970. */
  readonly started: number;
  /** The home folder that the system records for the user, regardless of HOME; undefined if it records none. */
  readonly userHome: () => string | undefined;
  /** The user id; undefined on Windows. */
  readonly uid: number | undefined;
  /** The path of the machine administrator's settings file. */
  readonly systemSettings: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** The local user and host, from which a session name is made that an auditor can read (rule 31). */
  readonly caller: () => { readonly user: string; readonly host: string };
  /**
   * Asks the user at the controlling terminal, never on stdin. Undefined if there is no terminal, at its end of file, and when
   * `answered` fires because the answer is no longer needed.
   */
  readonly ask: (question: string, answered?: AbortSignal) => Promise<string | undefined>;
  /**
   * Lets the user choose a value from a list at the controlling terminal; undefined if there is no terminal. Rejects with
   * `pick-cancelled`.
   */
  readonly choose: (choosing: Choosing) => Promise<string | undefined>;
  /** Whether commands that the configuration names inherit this process's stdin and stderr. */
  readonly sharesStreams: boolean;
  /**
   * Calls `end` when xrole is told to stop (Ctrl-C, Ctrl-\, SIGTERM, SIGHUP), and ends xrole by that signal once `end` resolves.
   * Returns a function that unregisters it. In the library, and while a command runs, nothing is called, because something else
   * decides how the process ends.
   */
  readonly onStop: (end: (signal: NodeJS.Signals) => Promise<void>) => () => void;
  /** Writes a line of `--debug`. Never pass a secret. */
  readonly debug: (line: string) => void;
}

/** The value of the variable; undefined when it is unset, empty or contains only white space (rules 18 and 49). */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}
