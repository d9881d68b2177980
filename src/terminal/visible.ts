// Makes invisible characters visible in text from outside (names, AWS's messages), so that they never reach a terminal.

/**
 * Control characters (C0, DEL, C1), line and paragraph separators, the characters that Unicode calls default ignorable (zero-width
 * and bidirectional controls, fillers, variation selectors, tags), interlinear annotation and lone surrogates. Source: Unicode 16,
 * DerivedCoreProperties.txt.
 */
// eslint-disable-next-line no-control-regex -- control characters are what this is about
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Cs}]/gu;

/** The text with each such character shown as `^[`, `^?` or `\u200b`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    return code === 0x7f ? "^?" : code > 0xffff ? `\\u{${code.toString(16)}}` : escaped(char);
  });
}

/**
 * JSON in which each such character is escaped, so that it is safe to show. @param indent spaces per level; without it, one line
 */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSEEN, (char) =>
    // The only such characters left are the line endings of the JSON layout itself.
    char === "\n" ? char : char.split("").map(escaped).join(""),
  );
}

const escaped = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
