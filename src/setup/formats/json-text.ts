// Writes JSON in ASCII, because terminals, shells, YAML and IAM treat other characters differently.

/** @param indent spaces per level; without it, one line */
export function jsonText(value: unknown, indent?: number): string {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value, null, indent).replace(/[\u007f-\uffff]/g, escaped);
}
