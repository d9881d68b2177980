// Converts the options of the library into role options of the command line, so that both work the same way.
import { flagOf, roleOptionRows, type LibraryName, type RoleOptions } from "../plan/options/role-options.ts";
import { XroleError } from "../errors/error.ts";
import type { ReadOptions } from "./read-options.ts";

/** The option of the library for each of the command line that errors and warnings may name. */
export const OPTION_OF_FLAG: Readonly<Record<string, string>> = {
  ...Object.fromEntries(roleOptionRows().map(([name, { field = name }]) => [flagOf(name), field])),
  "--min-ttl": "minTtl",
};

/** The role options of the command line. @throws XroleError `setting-invalid` for a tag that it could not say */
export function roleOptions(options: ReadOptions): RoleOptions {
  // Without a prototype, as the options themselves.
  const given = Object.create(null) as Record<string, unknown>;
  for (const [name, { field = name }] of roleOptionRows()) {
    const value = options[field as LibraryName];
    if (value !== undefined) given[name] = typed(value);
  }
  return given;
}

/** A value as the command line would have it. */
function typed(value: NonNullable<ReadOptions[LibraryName]>): string | boolean | readonly string[] {
  if (typeof value === "number") return String(value);
  if (typeof value !== "object") return value;
  return Array.isArray(value) ? (value as readonly string[]) : Object.entries(value as Tags).map(tagWord);
}

type Tags = NonNullable<ReadOptions["tags"]>;

/** A tag as the command line says it: the key ends at the first `=`. */
function tagWord([key, value]: readonly [string, string]): string {
  if (key.includes("="))
    throw new XroleError("setting-invalid", {
      where: "command line",
      name: "--tag",
      value: key,
      expected: "a tag key without =",
    });
  return `${key}=${value}`;
}
