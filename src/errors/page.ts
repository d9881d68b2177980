// The tables of docs/errors.md, made from the error table. `npm run docs` writes them (scripts/docs.mjs); the executable has no part
// of this file.
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

/** The themes in the order of the page, by their headings. */
const THEMES: Readonly<Record<string, Readonly<Record<string, Row<never>>>>> = {
  "How xrole is called": USAGE,
  "Configuration files": FILES,
  "The role chain": CHAIN,
  "Access keys": KEYS,
  "EC2 instances": INSTANCE,
  "ECS tasks and EKS pods": CONTAINER,
  "`credential_process`": PROCESS,
  "SSO and `aws login`": LOGIN,
  MFA,
  "Refusals by STS": STS,
  "Reaching AWS": NETWORK,
  "The console": CONSOLE,
  "Handing credentials over": DELIVERY,
  "The sandbox": SANDBOX,
};

const HEAD = [
  ["code", "status", "when", "what to do"],
  ["-", "-", "-", "-"],
];

/** A section with a table for each theme, in Markdown. */
export const errorTables = (): string =>
  Object.entries(THEMES)
    .map(([heading, rows]) => `## ${heading}\n\n${tableOf(rows)}`)
    .join("\n\n");

const tableOf = (rows: Readonly<Record<string, Row<never>>>): string =>
  [...HEAD, ...Object.entries(rows).map(cells)].map((line) => `| ${line.join(" | ")} |`).join("\n");

const cells = ([code, { status, or, when, fix }]: [string, Row<never>]): string[] => [
  `\`${code}\``,
  or ? `${String(status)} or ${String(or.status)}` : String(status),
  when,
  fix,
];
