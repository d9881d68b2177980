// Writes text as roff for man(7), so that it is shown as it is and can be copied into a shell.

/** The longest line of input that mandoc does not remark on. */
const WIDTH = 80;

/** What roff would show as a typographic sign, or take for a command (groff_char(7)). */
const SIGNS: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/** The text in roff, for any place in a line but its beginning. */
export const literal = (text: string): string =>
  text
    .replace(/[\\\-'`^~]/g, (sign) => SIGNS[sign] ?? sign)
    .replace(/[^\t\n -~]/gu, (sign) => `\\[u${codePoint(sign)}]`);

const codePoint = (sign: string): string => (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

export const bold = (text: string): string => `\\fB${literal(text)}\\fR`;

const italic = (text: string): string => `\\fI${literal(text)}\\fR`;

/** Text of the command table and the like, in which what is between `...` is to be typed. */
export const prose = (text: string): string =>
  text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? bold(part) : literal(part)))
    .join("");

/**
 * An option or argument as in the command table: what is typed is bold, what stands for a value is italic.
 * @param name such as `--tag <key=value>`, `[profile]` or `<list|clear>`
 */
export const named = (name: string): string =>
  name
    .split(" ")
    .map((word) => {
      const [, open, inside] = /^([<[])(.*)[>\]]$/.exec(word) ?? [];
      if (inside === undefined) return word.endsWith(",") ? `${bold(word.slice(0, -1))},` : bold(word);
      if (open === "[") return `[${italic(inside)}]`;
      return inside.includes("|") ? inside.split("|").map(bold).join("|") : italic(inside);
    })
    .join(" ");

/** The roff as lines of input: broken at spaces, and none that begins as a command does. */
export function filled(roff: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of roff.split(/\s+/).filter((part) => part !== "")) {
    if (line !== "" && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].filter((one) => one !== "").map(atStart);
}

/** A line of input that is shown, whatever it begins with. */
const atStart = (line: string): string => (/^[.']/.test(line) ? `\\&${line}` : line);

/** Lines shown as they stand. */
export const example = (text: string): string[] => [
  ".PP",
  ".in +4n",
  ".nf",
  ...text.split("\n").map((line) => atStart(literal(line))),
  ".fi",
  ".in",
];

/** A tagged paragraph; without a text, as mandoc wants it, one that is shown as empty. */
export const tagged = (tag: string, text: readonly string[]): string[] => [".TP", atStart(tag), ...text];
