// `xrole serve`: runs a loopback endpoint that provides role credentials to containers, IDEs and daemons, until it is stopped.
import { constants } from "node:os";
import { posix } from "node:path";
import type { Context } from "../../context/types.ts";
import { once, openRenewal } from "../../credentials/refresh.ts";
import { fingerprint } from "../../util/digest.ts";
import type { Ending } from "../../deliver/run/child.ts";
import { openAudit } from "../../deliver/endpoint/audit-log.ts";
import { writeChildFiles, type ChildFiles } from "../../deliver/endpoint/child-files.ts";
import { isServable, openEndpoint, type Route } from "../../deliver/endpoint/endpoint.ts";
import { endpointChanges } from "../../deliver/endpoint/endpoint-variables.ts";
import type { Changes } from "../../deliver/environment/environment.ts";
import { PRINT_FORMS, type PrintForm } from "../../deliver/environment/format-names.ts";
import { neverWait } from "../../terminal/non-blocking-stderr.ts";
import { profileFile } from "../../deliver/endpoint/profile-file.ts";
import { settingsFailure, printSettings, type Printed } from "../../deliver/endpoint/print-settings.ts";
import { waitForStop } from "../../deliver/run/signals.ts";
import { visible } from "../../terminal/visible.ts";
import { XroleError } from "../../errors/error.ts";
import { prepare } from "../shared/prepare.ts";
import type { Declaration, Invocation } from "../shared/declaration.ts";

export const declaration = {
  name: "serve",
  group: "Services",
  summary: "a loopback credential endpoint for containers and daemons",
  arguments: [["[profile...]", "each has a path and a token of its own"]],
  options: [
    ["--print <form>", "what a consumer sets, as", { choices: PRINT_FORMS }],
    ["--port <number>", "instead of a free one", { parse: readPort }],
    ["--host <address>", "127.0.0.1, or ::1", { parse: readHost }],
    ["--directory <folder>", "keep tokens there, for the next start", { parse: readFolder }],
  ],
  roleOptions: "all",
  examples: [
    ["xrole serve b-s3", "paste what it prints into another shell; for scripts see docs/long-jobs.md"],
    ["xrole serve b-s3 --port 9911 --directory d", "as a service"],
  ],
} as const satisfies Declaration;

interface Served {
  readonly profile: string;
  readonly files: ChildFiles;
  readonly place: Route;
  readonly changesAt: (url: string) => Changes;
}

export async function run(context: Context, invocation: Invocation<typeof declaration>): Promise<Ending> {
  const { options, words } = invocation;
  const profiles = words.length === 0 ? [undefined] : [...new Set(words)];
  const { host = "127.0.0.1", port = 0 } = options;
  const form = formFor(options.print, profiles.length);
  const served: Served[] = [];
  const warn = once(invocation.warn);
  const dropUnread = neverWait(context, true);
  // Commands that run when it is stopped, such as a credential_process, end with it.
  const running = new Set<(signal: NodeJS.Signals) => Promise<void>>();
  const stoppable: Context = {
    ...context,
    onStop: (end) => {
      running.add(end);
      return () => void running.delete(end);
    },
  };
  try {
    const stopped = waitForStop();
    const opening = openAll();
    // If it is stopped while it starts, it must not wait for an MFA code, and must leave no files behind.
    const early = await Promise.race([opening, stopped]);
    if (early !== undefined) {
      await context.stdout.write(settingsFailure(form, 128 + constants.signals[early]));
      return early;
    }
    const places = served.map(({ place }) => place);
    const names = new Map(served.map(({ place, profile }) => [place, visible(profile)]));
    const audit = openAudit(context, (place) => names.get(place) ?? "-");
    const endpoint = await openEndpoint({ host, port, places, now: context.now, onAnswer: audit.onAnswer });
    try {
      const printed = served.map(({ profile, files, changesAt }): Printed => {
        const uri = endpoint.url + files.path;
        return { profile, uri, tokenFile: files.tokenFile, changes: changesAt(uri) };
      });
      await context.stdout.write(printSettings(form, printed));
      // Closes stdout, so that a shell that waits for `$(cat PIPE)` continues.
      context.stdout.release();
      await context.stderr.write(
        `Serving ${served.map(({ profile }) => visible(profile)).join(", ")} at ${endpoint.url}; Ctrl-C or SIGTERM ends it.\n`,
      );
      await stopped;
      return 0;
    } finally {
      await endpoint.close();
      audit.end();
    }
  } finally {
    for (const { files } of served) files.remove();
    await Promise.all([...running].map((end) => end("SIGTERM")));
    dropUnread();
  }

  /** Opens one after the other, because each may ask for an MFA code. */
  async function openAll(): Promise<undefined> {
    for (const profile of profiles) served.push(await open(stoppable, { ...invocation, profile }, warn));
  }
}

/** @param warn receives the warnings of obtaining credentials, for all profiles */
async function open(
  context: Context,
  invocation: Invocation<typeof declaration>,
  warn: Invocation<typeof declaration>["warn"],
): Promise<Served> {
  const { host, ...request } = prepare(context, invocation);
  const { config, plan } = request;
  const { name = plan.profile } = plan;
  const { first, credentials } = await openRenewal(host, request, warn);
  if (!isServable(first.credentials)) throw new XroleError("not-servable", { profile: name });
  const { directory } = invocation.options;
  const files = await writeChildFiles(
    context,
    profileFile(config, plan.profile),
    directory !== undefined ? posix.join(directory, folderName(name)) : undefined,
  );
  return {
    profile: name,
    files,
    place: { path: files.path, token: files.token, credentials },
    changesAt: (url) => endpointChanges(context.env, plan, first.credentials, { url, files }),
  };
}

/** A folder name for a profile, whatever characters its name has. */
const folderName = (profile: string): string => (/^\w[\w.@+-]*$/.test(profile) ? profile : fingerprint(profile));

/** The form of --print, or the default for this number of profiles. @throws XroleError `usage` */
function formFor(asked: PrintForm | undefined, count: number): PrintForm {
  const form = asked ?? (count > 1 ? "json" : "sh");
  if (count > 1 && form !== "json")
    throw new XroleError("usage", {
      problem: `--print ${form} is for one profile`,
      hint: "with several, use --print json",
    });
  return form;
}

/** The address to listen on, which must be a loopback address. @throws XroleError `usage` */
function readHost(text: string): string {
  const host = text === "localhost" ? "127.0.0.1" : text;
  if (/^(127(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}|::1)$/.test(host)) return host;
  throw new XroleError("usage", {
    problem: `--host ${host} is not a loopback address`,
    hint: "use 127.0.0.1 or ::1: credentials are not served to other hosts",
  });
}

/** @throws XroleError `usage` */
function readPort(text: string): number {
  const port = text === "" ? NaN : Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new XroleError("usage", {
    problem: `--port ${text} is not a port number`,
    hint: "use 1 to 65535, or 0 for a free one",
  });
}

/** @throws XroleError `usage` */
function readFolder(text: string): string {
  if (text === "") throw new XroleError("usage", { problem: "--directory needs the path of a folder" });
  return text;
}
