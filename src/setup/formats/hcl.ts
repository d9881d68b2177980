// Writes a value as an expression of HCL, Terraform's language.
import { jsonText } from "./json-text.ts";

/** @param indent spaces before every line but the first */
export function hclOf(value: unknown, indent = 0): string {
  const margin = " ".repeat(indent);
  const inner = `${margin}  `;
  if (typeof value === "string") return hclText(value);
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((one: unknown) => `${inner}${hclOf(one, indent + 2)},\n`).join("")}${margin}]`;
  }
  if (typeof value !== "object" || value === null) return jsonText(value);
  const entries = Object.entries(value).map(([key, one]: [string, unknown]) => ({
    name: /^[A-Za-z_]\w*$/.test(key) ? key : hclText(key),
    text: hclOf(one, indent + 2),
  }));
  if (entries.length === 0) return "{}";
  return `{\n${alignedLines(entries, inner)}${margin}}`;
}

/** Attributes as `terraform fmt` writes them: it aligns the = of neighbouring one-line attributes. */
export function alignedLines(
  entries: readonly { readonly name: string; readonly text: string }[],
  margin: string,
): string {
  const isShort = (at: number): boolean => entries[at]?.text.includes("\n") === false;
  return entries
    .map(({ name, text }, at) => {
      let first = at;
      let last = at;
      while (isShort(first - 1)) first--;
      while (isShort(last + 1)) last++;
      const width = isShort(at) ? Math.max(...entries.slice(first, last + 1).map((one) => one.name.length)) : 0;
      return `${margin}${name.padEnd(width)} = ${text}\n`;
    })
    .join("");
}

/** A string, with `${` and `%{` escaped: they occur in policies, and would begin a template. */
export function hclText(text: string): string {
  return jsonText(text).replace(/(.?)([$%])\{/g, (_, before: string, sign: string) =>
    // After another $ or %, doubling would have a different meaning.
    before === sign ? `${before}\\u00${sign.charCodeAt(0).toString(16)}{` : `${before}${sign}${sign}{`,
  );
}
