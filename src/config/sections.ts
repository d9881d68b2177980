// Makes sections by name that are read only when they are used.
import type { Section, Sections } from "./types.ts";

/**
 * @param names who is there
 * @param make reads the section of one of these names; the result is remembered
 */
export function lazySections(
  names: Pick<ReadonlyMap<string, unknown>, "has" | "keys">,
  make: (name: string) => Section | undefined,
): Sections {
  const made = new Map<string, Section>();
  const get = (name: string): Section | undefined => {
    if (!names.has(name)) return undefined;
    const section = made.get(name) ?? make(name);
    if (section) made.set(name, section);
    return section;
  };
  return { get, keys: () => names.keys(), values: () => [...names.keys()].flatMap((name) => get(name) ?? []) };
}
