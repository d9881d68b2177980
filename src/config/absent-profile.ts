// Finds section headers that were meant to define a profile but do not, for the errors about a profile that does not exist. Pure.
import { closeNames } from "./close-names.ts";
import { location } from "./location.ts";
import type { Config, UnreadHeader } from "./types.ts";

/** A section header that defines no profile, and the header to write instead. */
export interface MeantHeader {
  /** `file:line` */
  readonly where: string;
  readonly written: string;
  readonly instead: string;
}

/** The header that was meant to define a profile: `[x]`, `[Profile x]`, `[profiles x]`, or `[profile two words]` without quotes. */
export function meantHeader(config: Config, name: string): MeantHeader | undefined {
  const { exact, anyCase, firstWord } = headersOf(config);
  // The last: `xrole exec my profile`, as the header has it.
  const found = exact.get(name) ?? anyCase.get(name.toLowerCase()) ?? firstWord.get(name);
  return found && inWords(found);
}

/** The headers that begin with the word `profile`, or a misspelling of it, but define no profile. */
export function misspeltHeaders(config: Config): MeantHeader[] {
  return headersOf(config)
    .all.filter(({ isProfile }) => isProfile)
    .map(inWords);
}

interface Header extends UnreadHeader {
  readonly meant: string;
  readonly isProfile: boolean;
}

interface Headers {
  readonly all: readonly Header[];
  /** By the name that was meant, in lower case too, and by its first word where it has several. Of two, the first counts. */
  readonly exact: ReadonlyMap<string, Header>;
  readonly anyCase: ReadonlyMap<string, Header>;
  readonly firstWord: ReadonlyMap<string, Header>;
}

/** The headers of each config, remembered because a list of broken profiles asks for them once per profile. */
const known = new WeakMap<Config, Headers>();

function headersOf(config: Config): Headers {
  const before = known.get(config);
  if (before) return before;
  const all = readHeaders(config);
  const byName = (nameOf: (meant: string) => string | undefined): Map<string, Header> => {
    const found = new Map<string, Header>();
    for (const header of all) {
      const name = nameOf(header.meant);
      if (name !== undefined && !found.has(name)) found.set(name, header);
    }
    return found;
  };
  const headers = {
    all,
    exact: byName((meant) => meant),
    anyCase: byName((meant) => meant.toLowerCase()),
    firstWord: byName((meant) => /^[^ ]+(?= )/.exec(meant)?.[0]),
  };
  known.set(config, headers);
  return headers;
}

function readHeaders(config: Config): Header[] {
  const bare = [...config.bareSections.values()].map(({ name, file, line }): UnreadHeader => ({
    header: `[${name}]`,
    kind: "config",
    file,
    line,
  }));
  return [...(config.unread ?? []), ...bare].map((at) => ({ ...at, ...nameMeant(at.header) }));
}

const inWords = ({ meant, header, kind, ...at }: Header): MeantHeader => ({
  where: location(at),
  written: header,
  instead: kind === "config" ? configHeader(meant) : `[${meant}]`,
});

/** The name in a header, even if the header is wrong, and whether a word like `profile` comes before it. */
function nameMeant(header: string): Pick<Header, "meant" | "isProfile"> {
  const inner = header.slice(1, header.lastIndexOf("]")).trim();
  const [, first = "", rest = ""] = /^([\w-]+)[\s:]+(.*)$/s.exec(inner) ?? [];
  const isProfile = rest !== "" && closeNames(first, ["profile"]).length > 0;
  const meant = (isProfile ? rest : inner).replaceAll(/^["']|["']$/g, "").replaceAll(/\s+/g, " ");
  return { meant, isProfile };
}

const configHeader = (name: string): string =>
  name.toLowerCase() === "default"
    ? "[default]"
    : /^[\w.:/@+-]+$/.test(name)
      ? `[profile ${name}]`
      : `[profile "${name.replaceAll(/["\\]/g, "\\$&")}"]`;
