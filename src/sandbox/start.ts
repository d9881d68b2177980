// Starts a sandbox: its servers on loopback, and a temporary home with the world's files.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { CONTAINER_PATH, playContainer } from "./container.ts";
import { openIdentities } from "./identity.ts";
import { playInstance } from "./instance.ts";
import { playS3 } from "./s3.ts";
import { serve } from "./serve.ts";
import { playSts } from "./sts.ts";
import type { World } from "./world.ts";
import { queryError } from "./xml.ts";

export interface Sandbox {
  readonly home: string;
  /** What a command inside needs, HOME left out. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends the servers and removes the home. */
  readonly close: () => Promise<void>;
}

/** @param now milliseconds since 1970: what expiry and signatures are judged by */
export async function startSandbox(world: World, now: () => number): Promise<Sandbox> {
  const identities = openIdentities(world, now);
  const servers = await Promise.all(
    [
      playInstance(world, identities, now),
      playContainer(world, identities),
      playSts(world, identities, now),
      playS3(world, identities, now),
      // Whatever else a command asks AWS for ends here, not on the internet.
      () => queryError(501, "NotImplemented", "The sandbox plays STS and S3 only."),
    ].map(serve),
  );
  const [instance = "", container = "", sts = "", s3 = "", elsewhere = ""] = servers.map(({ url }) => url);
  const home = await mkdtemp(join(tmpdir(), "xrole-sandbox-"));
  for (const [path, text] of Object.entries(world.files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), text, { mode: 0o600 });
  }

  const token = world.container?.token;
  const containerVariables = { URI: container + CONTAINER_PATH, ...(token !== undefined && { TOKEN: token }) };
  return {
    home,
    environment: {
      AWS_CONFIG_FILE: join(home, ".aws/config"),
      AWS_SHARED_CREDENTIALS_FILE: join(home, ".aws/credentials"),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: instance,
      AWS_ENDPOINT_URL: elsewhere,
      AWS_ENDPOINT_URL_STS: sts,
      AWS_ENDPOINT_URL_S3: s3,
      NO_PROXY: "127.0.0.1",
      no_proxy: "127.0.0.1",
      ...(world.container && { XROLE_SANDBOX_CONTAINER_URI: containerVariables.URI }),
      ...(world.container && token !== undefined && { XROLE_SANDBOX_CONTAINER_TOKEN: token }),
      // SDKs look at the container before the instance: a host that has both would never be the instance.
      ...(world.container &&
        !world.instance && {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: containerVariables.URI,
          ...(token !== undefined && { AWS_CONTAINER_AUTHORIZATION_TOKEN: token }),
        }),
    },
    close: async () => {
      await Promise.all(servers.map(({ close }) => close()));
      await rm(home, { recursive: true, force: true });
    },
  };
}
