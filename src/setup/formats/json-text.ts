// Writes JSON in ASCII: what a terminal, a shell, YAML and IAM each make of other characters does not matter then.

/** @param indent spaces a level; without it, one line */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent).replace(/[\u007f-\uffff]/g, escaped);
}
