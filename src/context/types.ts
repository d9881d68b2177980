// The outside world as a value: environment, home folder, clock and streams. Tests replace it; no other part of xrole reads `process`.

export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream for text. `write` resolves when the text is handed over, and rejects with `output-failed`. */
export interface Output {
  readonly isTerminal: boolean;
  readonly write: (text: string) => Promise<void>;
  /** From now on `write` hands every text to `take`. */
  readonly divert?: (take: (text: string) => void) => void;
  /** Closes it, so that who reads it sees its end while xrole goes on. A terminal stays open. Nothing may be written afterwards. */
  readonly release: () => void;
}

/** A list to choose from. */
export interface Choosing {
  readonly question: string;
  /** `label` is what is shown and searched, `short` what is left when it was chosen. */
  readonly choices: readonly { readonly value: string; readonly label: string; readonly short: string }[];
  /** The value to begin at. */
  readonly preferred?: string;
  readonly isColored: boolean;
}

export interface Context {
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly cwd: string;
  /** The words that run this xrole again: Node's path, and the script's. */
  readonly executable: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** When this process began, likewise. */
  readonly started: number;
  /** The home folder that the system has for the user, whatever HOME says; undefined where it knows none. */
  readonly userHome: () => string | undefined;
  /** The user's number; undefined on Windows. */
  readonly uid: number | undefined;
  /** The settings of the machine's administrator. */
  readonly systemSettings: string;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Who calls, for a session name that an auditor can read (rule 31). */
  readonly caller: () => { readonly user: string; readonly host: string };
  /**
   * What the user types at the controlling terminal, never at stdin; undefined where there is none, at its end of file, and when
   * `answered` fires: the answer is not needed any more.
   */
  readonly ask: (question: string, answered?: AbortSignal) => Promise<string | undefined>;
  /** The value that the user chooses there from a list; undefined where there is no terminal. Rejects with `pick-cancelled`. */
  readonly choose: (choosing: Choosing) => Promise<string | undefined>;
  /** Whether commands that the configuration names have this process's stdin and stderr. */
  readonly sharesStreams: boolean;
  /**
   * Calls `end` when xrole is told to stop (Ctrl-C, Ctrl-\, SIGTERM, SIGHUP), and lets xrole end by that signal when it is done. Gives the
   * way to take it back. Nothing is called where something else decides how xrole ends: beside a command, in a program.
   */
  readonly onStop: (end: (signal: NodeJS.Signals) => Promise<void>) => () => void;
  /** Tells `--debug` what happens. Never given a secret. */
  readonly debug: (line: string) => void;
}

/** The variable's value; undefined when it is unset, empty or white space only (rules 18 and 49). */
export function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === undefined || value.trim() === "" ? undefined : value;
}
