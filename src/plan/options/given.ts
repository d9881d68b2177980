// A value that the user gave, with the location it comes from.
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Section } from "../../config/types.ts";

/** A value, with its location and name for errors. */
export interface Given {
  readonly value: string;
  readonly where: string;
  readonly name: string;
}

/** A profile's setting. */
export function own(profile: Section, key: string): Given | undefined {
  const found = setting(profile, key);
  return found && { value: found.value, where: location(found), name: key };
}

/** The value of an option of the command line. */
export const option = (name: string, value: string | undefined): Given | undefined =>
  value === undefined ? undefined : { value, where: "command line", name };

/** A list written with commas, as aws-vault writes session_tags. */
export function commaList(given: Given | undefined): Given[] {
  if (!given) return [];
  const parts = given.value.split(",").map((part) => part.trim());
  return parts.filter((part) => part !== "").map((value) => ({ ...given, value }));
}
