// `xrole cache list | clear [profile]`: lists or removes cached credentials. Never shows a secret.
import { isAdHocName } from "../../plan/shell/ad-hoc-name.ts";
import { formatTime } from "../../plan/aws/timestamps.ts";
import { closeNames } from "../../config/close-names.ts";
import { loadConfig } from "../../config/load.ts";
import { loadSettings } from "../../config/settings.ts";
import type { Config } from "../../config/types.ts";
import type { Context } from "../../context/types.ts";
import type { Entry } from "../../credentials/cache/entry.ts";
import { openCache } from "../../credentials/cache/cache.ts";
import { cacheFolder, folderProblem } from "../../credentials/cache/folder.ts";
import { timeLeft } from "../../credentials/session.ts";
import { describeTimeLeft, formatTable } from "../../terminal/table.ts";
import { visibleJson } from "../../terminal/visible.ts";
import { XroleError } from "../../errors/error.ts";
import { JSON_OPTION } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "cache",
  group: "Other",
  summary: "what is kept between calls, and dropping it",
  arguments: [
    ["<action>", "list shows no secrets; clear drops everything, or one profile's", { choices: ["list", "clear"] }],
    ["[profile]", "the profile whose entries are meant"],
  ],
  options: [JSON_OPTION],
  examples: [
    ["xrole cache list", "profile, role and expiry of each entry"],
    ["xrole cache clear b-s3", "ask AWS again the next time"],
  ],
} as const satisfies Declaration;

type CachedEntries = readonly { readonly file: string; readonly entry: Entry }[];

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<number> {
  const [action, profile] = invocation.words;
  const folder = cacheFolder(context, await loadSettings(context));
  const cache = folder === undefined ? undefined : openCache(folder, context.uid);
  const problem = folder === undefined ? undefined : folderProblem(folder, context.uid);
  if (problem !== undefined) invocation.warn(`the cache is not used: ${folder ?? ""}: ${problem}`);
  const all = cache?.list() ?? [];
  const kept = all.filter(({ entry }) => profile === undefined || entry.profile === profile);
  if (profile !== undefined && kept.length === 0) expectKnown(context, profile, all);
  switch (action) {
    case "list":
      return list(context, invocation, kept);
    case "clear": {
      const count = cache?.clear(profile === undefined ? undefined : kept.map(({ file }) => file)) ?? 0;
      if (invocation.options.quiet !== true)
        await context.stderr.write(
          count === 0 ? "No credentials are cached.\n" : `Dropped ${count} ${count === 1 ? "entry" : "entries"}.\n`,
        );
      return 0;
    }
    default:
      return action satisfies never;
  }
}

/**
 * Rejects a misspelt name, so that nobody believes that credentials were removed when they were not.
 * @throws XroleError `profile-not-found` for a name that is neither in the cache nor in the files
 */
function expectKnown(context: Context, profile: string, all: CachedEntries): void {
  const config = readableConfig(context);
  if (!config || config.profiles.get(profile) || isAdHocName(profile)) return;
  const names = new Set([...all.map(({ entry }) => entry.profile), ...config.profiles.keys()]);
  throw new XroleError("profile-not-found", { profile, close: closeNames(profile, names) });
}

/** Undefined if the files cannot be read: the cache works without them. */
function readableConfig(context: Context): Config | undefined {
  try {
    return loadConfig(context);
  } catch (error) {
    if (error instanceof XroleError) return undefined;
    throw error;
  }
}

async function list(
  context: Context,
  { options }: Invocation<typeof declaration>,
  all: CachedEntries,
): Promise<number> {
  const kept = all.filter(({ entry }) => timeLeft(entry, context.now()) > 0);
  if (options.json === true) {
    const rows = kept.map(({ file, entry: { profile, roleArn, credentials } }) => {
      const { accountId, expiration } = credentials;
      return { profile, roleArn, accountId, expiration: formatTime(expiration), file };
    });
    await context.stdout.write(`${visibleJson(rows, 2)}\n`);
    return 0;
  }
  if (kept.length === 0) {
    if (options.quiet !== true) await context.stderr.write("No credentials are cached.\n");
  } else
    await context.stdout.write(
      formatTable(
        ["PROFILE", "ACCOUNT", "ROLE", "EXPIRES"],
        kept.map(({ entry }) => cells(context, entry)),
      ),
    );
  return 0;
}

function cells(context: Context, entry: Entry): string[] {
  const { profile, roleArn, credentials } = entry;
  const left = describeTimeLeft(timeLeft(entry, context.now()));
  return [profile, credentials.accountId ?? "", roleArn ?? "", `${formatTime(credentials.expiration)} (${left})`];
}
