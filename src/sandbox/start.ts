// Starts a sandbox: its servers on loopback, and a temporary home folder with the world's files.
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Context } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { makeTemporary, type TemporaryFolder } from "../util/temporary-folder.ts";
import { CONTAINER_PATH, playContainer } from "./services/container.ts";
import { withFaults } from "./services/faults.ts";
import { SERVICES, type SandboxService } from "./world/fault.ts";
import type { Handler } from "./http-message.ts";
import { openIdentities } from "./world/identity.ts";
import { playInstance } from "./services/instance.ts";
import { playS3 } from "./services/s3.ts";
import { serve, type Server } from "./serve.ts";
import type { Incoming, Outgoing } from "./http-message.ts";
import { playSignIn } from "./services/sign-in.ts";
import { playSts } from "./services/sts.ts";
import { totp } from "./world/totp.ts";
import { openMint } from "./world/web-identity.ts";
import type { World } from "./world/world.ts";
import { queryError } from "./services/xml.ts";

export interface Sandbox {
  readonly home: string;
  /** The variables that a command in the sandbox needs, except HOME. */
  readonly environment: Readonly<Record<string, string>>;
  /** Stops the servers and removes the home folder. */
  readonly close: () => Promise<void>;
}

/** @param context its clock, plus the world's offset, decides expiration and signatures */
export async function startSandbox(world: World, context: Pick<Context, "now" | "uid" | "platform">): Promise<Sandbox> {
  const now = (): number => context.now() + (world.clockOffset ?? 0) * 1000;
  const identities = openIdentities(world, now);
  const mint = openMint();
  const players: Readonly<Record<SandboxService, Handler>> = {
    instance: playInstance(world, identities, now),
    container: playContainer(world, identities),
    sts: playSts(world, identities, mint, now),
    s3: playS3(world, identities, now),
    signin: playSignIn(identities, now),
  };
  const servers: Server[] = [];
  let folder: TemporaryFolder | undefined;
  const close = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.close()));
    folder?.remove();
  };
  try {
    const handlers = [
      ...SERVICES.map((name) => withFaults(name, world.faults ?? [], withDate(now, players[name]))),
      // Requests to any other AWS service end here, not on the internet.
      (request: Incoming) =>
        showCode(world, request, now) ??
        queryError(501, "NotImplemented", "The sandbox plays STS, S3 and the console's sign-in only."),
    ];
    for (const handler of handlers) servers.push(await serve(handler));
    // An absolute path, because a command in the sandbox may change its working directory.
    folder = await makeTemporary(resolve(tmpdir()), "xrole-sandbox-", context);
    const home = folder.path;
    const { webIdentity } = world;
    await writeHome(home, {
      ...world.files,
      ...(webIdentity && { [webIdentity.file]: mint.issue(webIdentity, now()) }),
    });
    return {
      home,
      environment: environmentOf(
        world,
        home,
        servers.map(({ url }) => url),
      ),
      close,
    };
  } catch (error) {
    await close();
    throw setUpFailure(error);
  }
}

/** The error for a sandbox that could not be set up, for example because a folder is full or read-only. */
export function setUpFailure(error: unknown): XroleError {
  if (error instanceof XroleError) return error;
  const { code, path = tmpdir(), message } = error as NodeJS.ErrnoException;
  return new XroleError("sandbox-setup", { path, problem: code ?? message }, { cause: error });
}

/** The files refer to each other by their full path, as `${HOME}`. */
async function writeHome(home: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(
      join(home, path),
      content.replaceAll("${HOME}", () => home),
      { mode: 0o600 },
    );
  }
}

function environmentOf(world: World, home: string, urls: readonly string[]): Sandbox["environment"] {
  const [instance = "", container = "", sts = "", s3 = "", signIn = "", elsewhere = ""] = urls;
  const containerToken = world.container?.token;
  const containerUri = container + CONTAINER_PATH;
  return {
    AWS_CONFIG_FILE: join(home, ".aws/config"),
    AWS_SHARED_CREDENTIALS_FILE: join(home, ".aws/credentials"),
    AWS_EC2_METADATA_SERVICE_ENDPOINT: instance,
    AWS_ENDPOINT_URL: elsewhere,
    AWS_ENDPOINT_URL_STS: sts,
    AWS_ENDPOINT_URL_S3: s3,
    AWS_ENDPOINT_URL_SIGNIN: signIn,
    NO_PROXY: "127.0.0.1",
    no_proxy: "127.0.0.1",
    XROLE_SANDBOX_URL: elsewhere,
    XROLE_CACHE_DIR: join(home, ".cache/xrole"),
    ...(world.container && { XROLE_SANDBOX_CONTAINER_URI: containerUri }),
    ...(world.container && containerToken !== undefined && { XROLE_SANDBOX_CONTAINER_TOKEN: containerToken }),
    // SDKs try the container before the instance. If a host had both, the instance would never be used.
    ...(world.container &&
      !world.instance && {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: containerUri,
        ...(containerToken !== undefined && { AWS_CONTAINER_AUTHORIZATION_TOKEN: containerToken }),
      }),
  };
}

/** Adds the sandbox's own time to each reply, as AWS does, which shows a client that its clock is wrong. */
function withDate(now: () => number, handle: Handler): Handler {
  return async (request) => {
    const reply = await handle(request);
    return { ...reply, headers: { date: new Date(now()).toUTCString(), ...reply.headers } };
  };
}

export const MFA_PATH = "/mfa-code/";

/** The code that an MFA device would display: `/mfa-code/<serial>`. */
function showCode({ accounts }: World, { path }: Incoming, now: () => number): Outgoing | undefined {
  if (!path.startsWith(MFA_PATH)) return undefined;
  const [, account = "", user = ""] = /^arn:aws:iam::(\d{12}):mfa\/(.+)$/.exec(path.slice(MFA_PATH.length)) ?? [];
  const secret = new Map(Object.entries(accounts[account]?.users ?? {})).get(user)?.mfaSecret;
  return secret === undefined ? { status: 404 } : { status: 200, body: totp(secret, now()) };
}
