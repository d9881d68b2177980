// Writes a setup as instructions for doing it by hand, in an order that works.
import { quoteWord } from "../../config/parse/words.ts";
import { configureLine } from "./configure-line.ts";
import { jsonText } from "./json-text.ts";
import type { Setup } from "../setup.ts";

export function setupText(setup: Setup): string {
  const { profile, role, caller, config, trial, notes } = setup;
  const step = (number: number, account: string, text: string): string => `${number}. In account ${account}, ${text}`;
  const parts = [
    `With profile "${profile}", this role\n\n  ${caller.arn}\n\nis to assume this one:\n\n  ${role.arn}`,
    step(1, role.accountId, `make the role ${role.name} under the path ${role.path}, with this trust policy.`),
    jsonText(role.trustPolicy, 2),
    step(2, role.accountId, `give ${role.name} what it may do.`),
    ...role.inlinePolicies.flatMap(({ name, document }) => [`Inline policy ${name}:`, jsonText(document, 2)]),
    ...(role.managedPolicyArns.length > 0 ? [`Attached:\n\n${indented(role.managedPolicyArns)}`] : []),
    step(3, caller.accountId, `add this inline policy to ${caller.name}, as ${caller.policy.name}.`),
    jsonText(caller.policy.document, 2),
    "4. On the host, this in ~/.aws/config, or the line below it:",
    config.trimEnd(),
    configureLine(setup),
    `5. Try it:\n\n  ${trial.map(quoteWord).join(" ")}`,
    `To know:\n\n${notes.map((note) => `- ${note}`).join("\n")}`,
  ];
  return `${parts.join("\n\n")}\n`;
}

const indented = (lines: readonly string[]): string => lines.map((line) => `  ${line}`).join("\n");
