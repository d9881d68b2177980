// Writes a value as YAML. Every string stands in JSON's quotes, which YAML reads alike whatever is in it; a library's plain
// scalars would leave it to each reader's version of YAML whether `no` is a word.
import { jsonText } from "./json-text.ts";

/** A mapping, as the lines of a document. */
export function yamlOf(mapping: object): string {
  return lines(mapping).join("\n");
}

/** A key that is nothing but a word to every reader. */
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
