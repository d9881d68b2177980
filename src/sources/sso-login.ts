// The file in which `aws sso login` keeps a login.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { homeFolder } from "../config/locate.ts";
import { parseObject } from "../chain/received.ts";
import type { Source } from "../chain/types.ts";
import type { Context } from "../context.ts";
import { sha1 } from "../digest.ts";

/** The file: named for the session, or in the legacy form for the start URL. */
export function loginFile(context: Context, { session, startUrl }: Extract<Source, { kind: "sso" }>): string {
  const folder = join(homeFolder(context.env, context.platform), ".aws", "sso", "cache");
  return join(folder, `${sha1(session ?? startUrl)}.json`);
}

/** What a login's file holds; undefined when there is none, {} when it is damaged. */
export function readLogin(file: string): Record<string, unknown> | undefined {
  try {
    return parseObject(readFileSync(file, "utf8")) ?? {};
  } catch {
    return undefined;
  }
}
