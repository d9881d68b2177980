// Writes text as roff for man(7), so that it is displayed unchanged and can be copied into a shell.

/** The longest input line that mandoc accepts without a warning. */
const WIDTH = 80;

/** Characters that roff would display as typographic signs, or read as commands (groff_char(7)). */
const SIGNS: Readonly<Record<string, string>> = {
  "\\": "\\e",
  "-": "\\-",
  "'": "\\(aq",
  "`": "\\(ga",
  "^": "\\(ha",
  "~": "\\(ti",
};

/** The text in roff, for anywhere but the beginning of a line. */
export const literal = (text: string): string =>
  text
    .replace(/[\\\-'`^~]/g, (sign) => SIGNS[sign] ?? sign)
    .replace(/[^\t\n -~]/gu, (sign) => `\\[u${codePoint(sign)}]`);

const codePoint = (sign: string): string => (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");

export const bold = (text: string): string => `\\fB${literal(text)}\\fR`;

const italic = (text: string): string => `\\fI${literal(text)}\\fR`;

/** Prose in which text between `...` is to be typed, such as that of the command table. */
export const prose = (text: string): string =>
  text
    .split("`")
    .map((part, index) => (index % 2 === 1 ? bold(part) : literal(part)))
    .join("");

/**
 * An option or argument of the command table: text to type is bold, a placeholder is italic.
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

/** The roff broken at spaces into input lines, none of which begins like a command. */
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

/** An input line that is displayed, whatever it begins with. */
const atStart = (line: string): string => (/^[.']/.test(line) ? `\\&${line}` : line);

/** Lines displayed without filling. */
export const example = (text: string): string[] => [
  ".PP",
  ".in +4n",
  ".nf",
  ...text.split("\n").map((line) => atStart(literal(line))),
  ".fi",
  ".in",
];

/** A tagged paragraph. */
export const tagged = (tag: string, text: readonly string[]): string[] => [".TP", atStart(tag), ...text];
