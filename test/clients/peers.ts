// The real peers, from the virtual environment that scripts/test-clients.mjs makes.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";

export const VENV = process.env.XROLE_TEST_VENV ?? "";
if (!existsSync(join(VENV, "aws")))
  throw new Error("run `npm run test:clients`: it makes the virtual environment these tests need");

export const AWS = join(VENV, "aws");
export const PYTHON = join(VENV, "python");
/** PATH with the peers in front. */
export const PEER_PATH = `${VENV}:${process.env.PATH ?? ""}`;

export interface Moto {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/**
 * Starts moto on a free port of loopback, and waits until it answers.
 * @param unchecked how many calls it lets through before it asks IAM; without it, all
 */
export async function startMoto(unchecked?: number): Promise<Moto> {
  const port = await freePort();
  const env = {
    PATH: PEER_PATH,
    AWS_ACCESS_KEY_ID: "unused",
    AWS_SECRET_ACCESS_KEY: "unused",
    ...(unchecked !== undefined && { INITIAL_NO_AUTH_ACTION_COUNT: String(unchecked) }),
  };
  const child = spawn(join(VENV, "moto_server"), ["-H", "127.0.0.1", "-p", String(port)], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.on("exit", () => resolve()));
  // Flask says on stderr when it listens.
  await new Promise<void>((resolve, reject) => {
    let told = "";
    child.stderr.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (told.includes("Running on")) resolve();
    });
    child.on("exit", () => reject(new Error(`moto ended: ${told}`)));
  });
  return {
    url: `http://127.0.0.1:${port}`,
    stop: async () => {
      child.kill();
      await ended;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
