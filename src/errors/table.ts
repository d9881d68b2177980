// The error table: every failure a user can meet, by its stable code. A row holds the exit status, the message, the hint, and what
// docs/errors.md says. A new error is a row in the file of its theme, in rows/; `npm run docs` writes it into docs/errors.md.
import type { Row } from "./row.ts";
import { CHAIN } from "./rows/chain.ts";
import { CONSOLE } from "./rows/console.ts";
import { CONTAINER } from "./rows/container.ts";
import { DELIVERY } from "./rows/delivery.ts";
import { FILES } from "./rows/files.ts";
import { INSTANCE } from "./rows/instance.ts";
import { KEYS } from "./rows/keys.ts";
import { LOGIN } from "./rows/login.ts";
import { MFA } from "./rows/mfa.ts";
import { NETWORK } from "./rows/network.ts";
import { PROCESS } from "./rows/process.ts";
import { SANDBOX } from "./rows/sandbox.ts";
import { STS } from "./rows/sts.ts";
import { USAGE } from "./rows/usage.ts";

export const TABLE = {
  ...USAGE,
  ...FILES,
  ...CHAIN,
  ...KEYS,
  ...INSTANCE,
  ...CONTAINER,
  ...PROCESS,
  ...LOGIN,
  ...MFA,
  ...STS,
  ...NETWORK,
  ...CONSOLE,
  ...DELIVERY,
  ...SANDBOX,
};

/** The stable code of an error. */
export type ErrorCode = keyof typeof TABLE;

/** What an error of this code is made with. */
export type DetailsOf<Code extends ErrorCode> = (typeof TABLE)[Code] extends Row<infer Details> ? Details : never;
