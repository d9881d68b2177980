// `xrole status`: shows the role in this shell and when it expires (offline). With --prompt it reads no file either.
import { parseTime, formatTime } from "../../plan/aws/timestamps.ts";
import { heldByXrole } from "../../plan/shell/host-environment.ts";
import { isAdHocName } from "../../plan/shell/ad-hoc-name.ts";
import { quoteWord } from "../../config/parse/words.ts";
import { loadSettings } from "../../config/settings.ts";
import { variable, type Context } from "../../context/types.ts";
import { openCache } from "../../credentials/cache/cache.ts";
import { cacheFolder, folderProblem } from "../../credentials/cache/folder.ts";
import { describeTimeLeft } from "../../terminal/table.ts";
import { visible, visibleJson } from "../../terminal/visible.ts";
import { JSON_OPTION } from "../shared/common-options.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "status",
  group: "Look",
  summary: "show the role this shell holds and for how long (offline)",
  arguments: [],
  options: [
    ["--prompt", "a few characters for a shell's prompt; none when nothing is held", { conflicts: ["--json"] }],
    JSON_OPTION,
  ],
  examples: [
    ["xrole status", "profile, account, role and expiry"],
    ["xrole status --prompt", "such as `b-s3 42m`"],
  ],
} as const satisfies Declaration;

/** What the environment shows. */
interface Held {
  /** Whose keys are in the environment; `endpoint` if it names an endpoint that renews them (`exec --renew`, `serve`). */
  readonly keys: "xrole" | "endpoint" | "foreign" | "none";
  /** Whether they are xrole's: keys or an endpoint. */
  readonly isOurs: boolean;
  readonly keyId: string | undefined;
  readonly profile: string | undefined;
  readonly accountId: string | undefined;
  readonly region: string | undefined;
  readonly expiration: Date | undefined;
  /** Notes about other credentials and variables. */
  readonly notes: readonly string[];
}

export async function run(context: Context, { options }: Invocation<typeof declaration>): Promise<number> {
  const held = readEnvironment(context);
  const text =
    options.prompt === true ? promptText(held, context.now()) : await answer(context, held, options.json === true);
  if (text !== "") await context.stdout.write(text);
  return 0;
}

function readEnvironment({ env }: Context): Held {
  const keyId = variable(env, "AWS_ACCESS_KEY_ID");
  const left = variable(env, "XROLE_PROFILE");
  const isEndpoint = left !== undefined && variable(env, "AWS_CONTAINER_CREDENTIALS_FULL_URI") !== undefined;
  const keys = keyId === undefined ? (isEndpoint ? "endpoint" : "none") : heldByXrole(env) ? "xrole" : "foreign";
  const isOurs = keys === "xrole" || keys === "endpoint";
  const named = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].find((name) => variable(env, name) !== undefined);
  const notes = [
    ...(keys === "foreign" ? [`the keys in the environment (${keyId ?? ""}) are not xrole's`] : []),
    ...(!isOurs && left !== undefined ? [`XROLE_PROFILE says "${left}", whose keys are gone`] : []),
    ...(named === undefined ? [] : [`${named} is "${env[named] ?? ""}"${keyId === undefined ? "" : RIVALS}`]),
  ];
  return {
    keys,
    isOurs,
    keyId,
    profile: isOurs ? left : undefined,
    accountId: isOurs ? variable(env, "AWS_ACCOUNT_ID") : undefined,
    region: variable(env, "AWS_REGION"),
    expiration: keyId === undefined ? undefined : parseTime(env.AWS_CREDENTIAL_EXPIRATION ?? ""),
    notes,
  };
}

const RIVALS = ": some tools take it, others the keys in the environment";

/** A few characters; none if the shell has no role of xrole. */
function promptText({ isOurs, profile, accountId, expiration }: Held, now: number): string {
  if (!isOurs) return "";
  const left = expiration && shortTime(expiration.getTime() - now);
  return `${[visible(profile ?? accountId ?? "xrole"), left].filter((part) => part !== undefined).join(" ")}\n`;
}

function shortTime(milliseconds: number): string {
  if (milliseconds <= 0) return "expired";
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes === 0) return "<1m";
  return minutes < 60 ? `${minutes}m` : `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}

async function answer(context: Context, held: Held, isJson: boolean): Promise<string> {
  const { keys, isOurs, accountId, region, expiration, notes } = held;
  const kept = keys === "xrole" ? await keptRole(context, held) : undefined;
  const profile = held.profile ?? kept?.profile;
  const left = expiration && expiration.getTime() - context.now();
  if (isJson) {
    const secondsLeft = left === undefined ? undefined : Math.max(0, Math.floor(left / 1000));
    const end = expiration && formatTime(expiration);
    const role = { profile, accountId, roleArn: kept?.roleArn, region, expiration: end, secondsLeft };
    return `${visibleJson({ keys, ...role, notes }, 2)}\n`;
  }
  // A role of --role-arn has no profile, so xrole does not know which command would renew it.
  const name = keys === "xrole" && profile !== undefined && !isAdHocName(profile) ? profile : undefined;
  const isExpired = left !== undefined && left <= 0;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ["profile", isOurs ? (profile ?? "(its name is not in the environment)") : undefined],
    ["account", accountId],
    ["role", kept?.roleArn],
    ["region", isOurs ? region : undefined],
    ["expires", expiration && `${formatTime(expiration)} (${describeTimeLeft(left ?? 0)})`],
    ["renew", isExpired && name !== undefined ? `eval $(xrole env ${quoteWord(name)})` : undefined],
    [
      "expires",
      keys === "endpoint" ? "never, while the `xrole serve` or `xrole exec --renew` that renews it runs" : undefined,
    ],
  ];
  const lines = rows.flatMap(([name, text]) => (text === undefined ? [] : [`${name.padEnd(10)}${text}`]));
  if (!isOurs) lines.unshift("this shell holds no role of xrole's");
  return [...lines, ...notes].map((line) => `${visible(line)}\n`).join("");
}

/** The role and profile of these keys, if they are in the cache: the environment does not contain the role. */
async function keptRole(
  context: Context,
  { keyId }: Held,
): Promise<{ readonly profile: string; readonly roleArn?: string } | undefined> {
  const folder = cacheFolder(context, await loadSettings(context));
  if (folder === undefined || folderProblem(folder, context.uid) !== undefined) return undefined;
  const entries = openCache(folder, context.uid).list();
  return entries.find(({ entry }) => entry.credentials.accessKeyId === keyId)?.entry;
}
