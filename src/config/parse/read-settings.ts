// Reads the lines of one section: settings, the lines that continue them, and nested settings (rules 5 to 8).
import type { Setting } from "../types.ts";

/** A setting that may still be continued. */
export interface OpenSetting extends Setting {
  value: string;
  nested?: Map<string, Setting>;
  continued?: Map<string, Setting>;
}

interface Reading {
  readonly file: string;
  /** The number of the first line. */
  readonly line: number;
  /** Receives the settings. */
  readonly settings: Map<string, OpenSetting>;
  /** Throws an error about a line. */
  readonly fail: (line: number, problem: string) => never;
}

/** Adds the settings in `text`; of duplicate keys the last wins (rule 9). @throws XroleError `config-syntax` */
export function readSettings(text: string, { file, line: first, settings, fail }: Reading): void {
  let open: { setting: OpenSetting; indent: number; isBlock: boolean } | undefined;
  for (const [index, raw] of text.split("\n").entries()) {
    const line = first + index;
    const content = raw.trim();
    if (content === "" || content.startsWith("#") || content.startsWith(";")) continue;
    const indent = raw.length - raw.trimStart().length;

    if (open && indent > open.indent) {
      // A deeper line belongs to the value above, whatever it looks like (rule 8).
      open.setting.value += `\n${content}`;
      if (open.isBlock) {
        const { key, value } = splitSetting(content, line, "a nested ");
        open.setting.nested ??= new Map();
        open.setting.nested.set(key, { value, file, line });
      } else if (/^[\w-]+\s*=/.test(content)) {
        const { key, value } = splitSetting(content, line, "a ");
        open.setting.continued ??= new Map();
        open.setting.continued.set(key, { value, file, line });
      }
      continue;
    }
    const { key, value } = splitSetting(content, line, "a ");
    const over = settings.get(key);
    const setting: OpenSetting = over ? { value, file, line, over } : { value, file, line };
    // [pinned] A key with a space in it is ignored, and so are the lines that continue it (rule 5).
    if (!/\s/.test(key)) settings.set(key, setting);
    open = { setting, indent, isBlock: value === "" };
  }

  function splitSetting(content: string, line: number, article: string): { key: string; value: string } {
    const equals = content.indexOf("=");
    const hint = content.includes(":") ? " (a colon in its place is not read by the AWS SDKs)" : "";
    if (equals < 0) fail(line, `${article}line without =${hint}`);
    const key = content.slice(0, equals).trim().toLowerCase();
    if (key === "") fail(line, `${article}setting without a name before its =`);
    return { key, value: withoutComment(content.slice(equals + 1)).trim() };
  }
}

/** The text after an `=`, without a comment. [pinned] The SDKs strip comments, the AWS CLI keeps them in the value (rule 6). */
export function withoutComment(text: string): string {
  const start = text.search(/\s[#;]/);
  return start < 0 ? text : text.slice(0, start);
}
