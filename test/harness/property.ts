// What must hold for every input: fast-check makes inputs, and prints the seed and the smallest input of a failure.
// XROLE_PROPERTY_RUNS=100000 tries as many; fc.assert's options `seed` and `path`, as printed, try that one again.
import fc from "fast-check";
import { it } from "vitest";

const RUNS = Number(process.env.XROLE_PROPERTY_RUNS ?? 300);

/** A test that `holds` for every tuple of values; an expectation in it fails the test. @param share of the runs, for slow ones */
export function property<Values extends [unknown, ...unknown[]]>(
  name: string,
  values: { readonly [Index in keyof Values]: fc.Arbitrary<Values[Index]> },
  holds: (...values: Values) => void,
  share = 1,
): void {
  const numRuns = Math.max(1, Math.ceil(RUNS * share));
  // Milliseconds: a run takes one or two, of a shell some dozens, and more on a busy machine.
  const timeout = 180_000 + numRuns * 200;
  it(name, { timeout }, () => fc.assert(fc.property(...values, holds), { numRuns }));
}

/** Characters that mean something to a shell, a config file or a terminal, and some that mean nothing. */
export const ODD_CHARACTERS = [
  ...Array.from("ab1 \t\"'`\\$%!^&|<>;#=[]{}()*?~-_.,:/@+\n\r"),
  "\u0000",
  "\u001b",
  "\u007f",
  "\u009b",
  "\u00a0",
  "\u2019",
  "\u202e",
  "\u2028",
  "\ufeff",
  "é",
  "😂",
] as const;

/** Text of those characters. */
export const oddText = (without = /$^/, maxLength = 12): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...ODD_CHARACTERS.filter((char) => !without.test(char))), { maxLength })
    .map((characters) => characters.join(""));
