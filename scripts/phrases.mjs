// Counts the phrases that xrole's text does without, by folder. Run by itself, it lowers the counts in test/style/phrases.json.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const FILE = "test/style/phrases.json";

/** A space in a phrase may be the end of a line, with a comment's mark on the next. */
const GAP = String.raw`(?:\s|\n\s*(?://|\*)\s*)+`;

const phrase = (name, pattern = name) => ({
  name,
  pattern: new RegExp(String.raw`\b(?:${pattern.replaceAll(" ", GAP)})`, "gi"),
});

export const PHRASES = [
  phrase("in vain"),
  phrase("asks nobody"),
  phrase("lets go of", "(?:let|lets|letting) go of"),
  phrase("stands", String.raw`stands\b(?! (?:in )?for\b)`),
  phrase("anew", String.raw`anew\b`),
  phrase("mend", String.raw`mend(?:s|ed|ing)?\b`),
  phrase("is none", String.raw`is none\b`),
  phrase("cannot be had", "can(?:not|'t) be had"),
  phrase("who it leads to"),
  phrase("has no say"),
  phrase("that which"),
];

const files = () => {
  const listed = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    encoding: "utf8",
  });
  return listed.split("\0").filter((file) => /^(src|docs)\/.*\.(ts|md)$|^(README|CHANGELOG)\.md$|^bin\//.test(file));
};

/** `src/plan` for a file of that folder, `src` for one of src itself; a file at the top is its own. */
const placeOf = (file) =>
  file
    .split("/")
    .slice(0, Math.min(2, Math.max(1, file.split("/").length - 1)))
    .join("/");

const phrasesIn = (file) => {
  const text = readFileSync(file, "utf8");
  return PHRASES.flatMap(({ name, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => `${file}:${text.slice(0, index).split("\n").length}: ${name}`),
  );
};

/** `file:line: phrase` for each in a place. */
export const findPhrases = (place) =>
  files()
    .filter((file) => placeOf(file) === place)
    .flatMap(phrasesIn);

/** How many there are, by place; a place without any is left out. */
export function countPhrases() {
  const counts = {};
  for (const file of files()) {
    const { length } = phrasesIn(file);
    if (length > 0) counts[placeOf(file)] = (counts[placeOf(file)] ?? 0) + length;
  }
  return counts;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const before = JSON.parse(readFileSync(FILE, "utf8"));
  const counts = Object.entries(countPhrases()).map(([place, count]) => [place, Math.min(count, before[place] ?? 0)]);
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(counts.sort()), null, 2)}\n`);
}
