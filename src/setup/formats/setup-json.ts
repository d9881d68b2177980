// Writes a setup for programs (docs/contract.md, "setup").
import { jsonText } from "./json-text.ts";
import type { Setup } from "../setup.ts";

export function setupJson({ profile, role, caller, config, notes }: Setup): string {
  return `${jsonText({ profile, role, caller, config, notes }, 2)}\n`;
}
