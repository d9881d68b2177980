// Finds the known names that are close to a misspelt one. A separate part of the bundle: only errors need it.
import type { Config } from "./types.ts";

/** The names of profiles that are close to one that does not exist. */
export function closeProfiles({ profiles }: Config, name: string): string[] {
  const names = [...profiles.keys()];
  // Only a list of thousands of broken profiles reaches this limit. Those at its beginning have their close names.
  const spent = comparisons.get(profiles) ?? 0;
  if (spent > MOST_COMPARISONS) return [];
  comparisons.set(profiles, spent + names.length * name.length ** 2);
  return closeNames(name, names);
}

/** How many letters have been compared with the profiles of each config. */
const comparisons = new WeakMap<object, number>();
/** So many comparisons take some tenths of a second. */
const MOST_COMPARISONS = 20_000_000;

/**
 * Up to three names that differ little from `name`: in case, in a few letters, or because they continue it.
 * @param share one letter out of this many may be wrong
 */
export function closeNames(name: string, names: Iterable<string>, share = 3): string[] {
  const wanted = name.toLowerCase();
  if (wanted.length > LONGEST_NAME) return [];
  const allowed = Math.max(1, Math.floor(wanted.length / share));
  const found: { candidate: string; distance: number }[] = [];
  for (const candidate of names) {
    const other = candidate.toLowerCase();
    const isStart = wanted.length > 2 && other.startsWith(wanted);
    const far = isStart ? other.length - wanted.length : distance(wanted, other, allowed);
    if (far <= allowed || isStart) found.push({ candidate, distance: far });
  }
  return found
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Longer names are not compared: it would take long, and nobody types them. */
const LONGEST_NAME = 64;
/** Names that differ more than this in length are never close. */
const MOST_LONGER = 8;

/** Levenshtein distance in which two swapped letters count once; Infinity if it is more than `allowed`. */
function distance(a: string, b: string, allowed: number): number {
  if (Math.abs(a.length - b.length) > Math.min(allowed, MOST_LONGER)) return Infinity;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      const here = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution, swap);
      if (here < least) least = here;
      next.push(here);
    }
    // From row to row the distance only grows, except for a swap, which uses the value of two rows back plus one.
    if (least > allowed + 1) return Infinity;
    before = row;
    row = next;
  }
  const all = row[b.length] ?? Infinity;
  return all <= allowed ? all : Infinity;
}
