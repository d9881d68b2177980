// Implements the formats of `xrole env --format`, except sh, which is in sh.ts. Loaded only when another format is requested.
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
  /** Whether it can remove a variable, which `--unset` requires. */
  readonly canUnset: boolean;
  /** Whether it changes the environment in which xrole runs, so that the host's own variables can be restored there. */
  readonly isOwnShell: boolean;
  /** Checks whether it can be used here, before any request is sent. @throws XroleError */
  readonly check?: (context: Context) => void;
  /** @throws XroleError */
  readonly deliver: (context: Context, changes: Changes) => Promise<void>;
  /** The whole of stdout when xrole fails with `status`, so that whoever evaluates it notices. report.ts prints it for json. */
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
    // null marks a variable to remove.
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
    // The step sees xrole's own exit status.
    failure: () => "",
  },
};

/** The format of that name; undefined for sh and for unknown names. */
export function otherFormat(name: string): Format | undefined {
  return Object.hasOwn(OTHERS, name) ? OTHERS[name as keyof typeof OTHERS] : undefined;
}
