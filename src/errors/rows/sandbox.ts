// The sandbox.
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const SANDBOX = {
  "sandbox-data": row<{ file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.file}: ${at.problem}`,
    when: "the data file of `xrole sandbox` cannot be read, or is wrong",
    fix: "correct the file: see [sandbox.md](sandbox.md)",
  }),
  "sandbox-setup": row<{ path: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `the sandbox cannot be set up: ${at.path}: ${at.problem}`,
    hint: "it needs a temporary folder that can be written to; TMPDIR names another",
    when: "the sandbox has no temporary folder that it can write to",
    fix: "name another folder with `TMPDIR`",
  }),
};
