// What `xrole env --format` does for each form but sh, which is in shells.ts: this file is loaded when one is asked for.
import type { Context } from "../../context/types.ts";
import { cmdFailure, cmdLines } from "./cmd.ts";
import { dotenvFailure, dotenvLines } from "./dotenv.ts";
import type { Changes } from "./environment.ts";
import { fishFailure, fishStatements } from "./fish.ts";
import type { FormatName } from "./format-names.ts";
import { githubFile, handToJob } from "./github.ts";
import { powershellFailure, powershellStatements } from "./powershell.ts";
import { visibleJson } from "../../terminal/visible.ts";

export interface Format {
  /** Whether it can remove a variable, as `--unset` must. */
  readonly canUnset: boolean;
  /** Whether it changes the environment that xrole runs in, to which the host's own variables can come back. */
  readonly isOwnShell: boolean;
  /** Looks whether it can be used here, before anybody is asked. @throws XroleError */
  readonly check?: (context: Context) => void;
  /** @throws XroleError */
  readonly deliver: (context: Context, changes: Changes) => Promise<void>;
  /** The whole of stdout when xrole fails with `status`: who evaluates it must notice. Of json it is report.ts that prints it. */
  readonly failure: (status: number) => string;
}

const shell = (statements: (changes: Changes) => string, failure: (status: number) => string): Format => ({
  canUnset: true,
  isOwnShell: true,
  deliver: ({ stdout }, changes) => stdout.write(statements(changes)),
  failure,
});

const OTHERS: Readonly<Record<Exclude<FormatName, "sh">, Format>> = {
  fish: shell(fishStatements, fishFailure),
  powershell: shell(powershellStatements, powershellFailure),
  cmd: shell(cmdLines, cmdFailure),
  json: {
    canUnset: true,
    isOwnShell: true,
    // null is what must go.
    deliver: ({ stdout }, { set, unset }) => {
      const removed = Object.fromEntries(unset.map((name) => [name, null]));
      return stdout.write(`${visibleJson({ ...set, ...removed }, 2)}\n`);
    },
    failure: () => "",
  },
  dotenv: {
    canUnset: false,
    isOwnShell: false,
    deliver: async ({ stdout }, changes) => stdout.write(dotenvLines(changes)),
    failure: dotenvFailure,
  },
  github: {
    canUnset: false,
    isOwnShell: false,
    check: githubFile,
    deliver: handToJob,
    // The step sees xrole's own status.
    failure: () => "",
  },
};

/** The form of that name; undefined for sh, and for one that is not known. */
export function otherFormat(name: string): Format | undefined {
  return Object.hasOwn(OTHERS, name) ? OTHERS[name as keyof typeof OTHERS] : undefined;
}
