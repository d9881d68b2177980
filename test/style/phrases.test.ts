// Keeps phrases that read as translated out of what users and developers read. What was there before is counted per folder, and
// the counts may only fall: `node scripts/phrases.mjs` writes the lower ones.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { countPhrases, findPhrases, PHRASES } from "../../scripts/phrases.mjs";

const allowed = JSON.parse(readFileSync("test/style/phrases.json", "utf8")) as Record<string, number>;

describe("plain English", () => {
  const found = countPhrases();

  it.each([...new Set([...Object.keys(allowed), ...Object.keys(found)])].sort())(
    "does not grow more of them: %s",
    (place) => {
      const [count = 0, limit = 0] = [found[place], allowed[place]];
      const lines = count > limit ? findPhrases(place).join("\n") : "";
      expect(lines, `${place} has ${String(count)} of these phrases, and may have ${String(limit)}`).toBe("");
    },
  );

  it.each([
    ["what is set in vain", "in vain"],
    ["it Asks\nnobody", "asks nobody"],
    ["mends the chain", "mend"],
    ["the token is none", "is none"],
    ["the list stands in docs", "stands"],
    ["a lock that cannot be had", "cannot be had"],
  ])("notices %j", (text, phrase) => {
    expect(PHRASES.filter(({ pattern }) => text.match(pattern)).map(({ name }) => name)).toEqual([phrase]);
  });

  it.each(["amend the policy", "it stands for the region", "recommended", "there are none"])("lets %j be", (text) => {
    expect(PHRASES.filter(({ pattern }) => text.match(pattern))).toEqual([]);
  });
});
