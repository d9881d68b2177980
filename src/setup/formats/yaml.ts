// Writes a value as YAML. Every string has JSON's quotes, which all versions of YAML read the same way. A library would write plain
// scalars, and whether `no` is a word then depends on the reader's version.
import { jsonText } from "./json-text.ts";

/** A mapping, as the lines of a document. */
export function yamlOf(mapping: object): string {
  return lines(mapping).join("\n");
}

/** A key that every version of YAML reads as a word. */
const PLAIN_KEY = /^(?!(?:y|n|yes|no|on|off|true|false|null)$)[A-Za-z]\w*$/i;

function lines(value: unknown): string[] {
  if (Array.isArray(value) && value.length > 0)
    return value.flatMap((one: unknown) => lines(one).map((line, at) => (at === 0 ? `- ${line}` : `  ${line}`)));
  if (typeof value !== "object" || value === null || Object.keys(value).length === 0) return [jsonText(value)];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const name = PLAIN_KEY.test(key) ? key : jsonText(key);
    const below = lines(inner);
    const isBlock = typeof inner === "object" && inner !== null && Object.keys(inner).length > 0;
    return isBlock ? [`${name}:`, ...below.map((line) => `  ${line}`)] : [`${name}: ${below.join("")}`];
  });
}
