// Looks up a profile and its settings: presence by rule 5, place for errors, close names for typing mistakes.
import { XroleError } from "../errors.ts";
import { meantHeader } from "./absent-profile.ts";
import type { Config, Section, Setting } from "./types.ts";

/** The setting, or undefined when it is absent or empty (rule 5). */
export function setting(section: Section, key: string): Setting | undefined {
  const found = section.settings.get(key);
  return found && found.value !== "" ? found : undefined;
}

/** `file:line`, as errors and `explain` show it. */
export function place(at: { readonly file: string; readonly line: number }): string {
  return `${at.file}:${String(at.line)}`;
}

/**
 * The profile that the user named.
 * @throws XroleError `profile-not-found` with close names (rule 19)
 */
export function findProfile(config: Config, name: string, origin?: string): Section {
  const found = config.profiles.get(name);
  if (found) return found;
  const header = meantHeader(config, name);
  throw new XroleError("profile-not-found", {
    profile: name,
    close: closeNames(name, config.profiles.keys()),
    ...(origin === undefined ? {} : { origin }),
    ...(header && { header }),
    ...(config.looked && { looked: config.looked }),
  });
}

/**
 * Up to three names that differ from `name` by little: case, a few letters, or one being the start of the other.
 * @param share one letter in so many may be wrong
 */
export function closeNames(name: string, names: Iterable<string>, share = 3): string[] {
  const wanted = name.toLowerCase();
  if (wanted.length > LONGEST_NAME) return [];
  const allowed = Math.max(1, Math.floor(wanted.length / share));
  return [...names]
    .map((candidate) => ({ candidate, distance: distance(wanted, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) =>
        distance <= allowed || (wanted.length > 2 && candidate.toLowerCase().startsWith(wanted)),
    )
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** Nobody types longer names, whose comparison takes long. */
const LONGEST_NAME = 64;

/** Levenshtein distance, with two letters in each other's place counted once. */
function distance(a: string, b: string): number {
  // Names this different in length are never close; long lists stay cheap.
  if (Math.abs(a.length - b.length) > 8) return Infinity;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwapped ? (before[j - 2] ?? 0) + 1 : Infinity;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution, swap));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? Infinity;
}
