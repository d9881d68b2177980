// Shows control characters from outside (names, AWS's messages) instead of sending them to a terminal.

/** The text with each control character as `^[` or `\x9b`. */
export function visible(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g, (char) => {
    const code = char.charCodeAt(0);
    if (code < 0x20) return `^${String.fromCharCode(code + 0x40)}`;
    return code === 0x7f ? "^?" : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}
