// Vectors write profiles as plain objects: to and from xrole's own form.
import type { Config, Section, Sections } from "../../../src/config/types.ts";
import { mergeFiles } from "../../../src/config/merge.ts";
import { parseConfig } from "../../../src/config/parse/parse.ts";

type Plain = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Both files read and merged; absent ones are empty. */
export function readBoth(config: string | null | undefined, credentials: string | null | undefined): Config {
  return mergeFiles(
    parseConfig(config ?? "", "config", "config"),
    parseConfig(credentials ?? "", "credentials", "credentials"),
  );
}

export function toPlain(sections: Sections): Plain {
  const entries = [...sections.values()].map(({ name, settings }) => {
    return [name, Object.fromEntries([...settings].map(([key, { value }]) => [key, value]))] as const;
  });
  return Object.fromEntries(entries);
}

export function toSections(plain: Plain = {}): Sections {
  const sections = Object.entries(plain).map(([name, values]): [string, Section] => {
    const settings = new Map(Object.entries(values).map(([key, value]) => [key, { value, file: "config", line: 1 }]));
    return [name, { name, file: "config", line: 1, settings }];
  });
  return new Map(sections);
}

export function toConfig(profiles: Plain = {}, ssoSessions: Plain = {}): Config {
  return {
    profiles: toSections(profiles),
    ssoSessions: toSections(ssoSessions),
    services: new Map(),
    bareSections: new Map(),
  };
}
