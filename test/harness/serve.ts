// Starts `xrole serve` on the built binary, and speaks to it byte by byte.
import { connect, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { readFileSync } from "node:fs";
import { notice } from "./secrets.ts";
import { start, type Running } from "./start.ts";

export interface Serving extends Running {
  readonly port: number;
  readonly path: string;
  readonly token: string;
  readonly tokenFile: string;
  /** A request of the form that SDKs send. */
  readonly request: (changes?: { readonly token?: string; readonly path?: string }) => string;
}

/** Waits until the endpoint is there. @param words after `serve`; `--print json` is added */
export async function serve(words: readonly string[], env: Readonly<Record<string, string>>): Promise<Serving> {
  const running = start(["serve", ...words, "--print", "json"], env);
  let printed = "";
  const places = await new Promise<{ uri: string; tokenFile: string }[]>((resolve, reject) => {
    running.child.stdout?.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
      if (printed.endsWith("]\n")) resolve(JSON.parse(printed) as { uri: string; tokenFile: string }[]);
    });
    running.child.on("close", () => reject(new Error("it ended before it served")));
  });
  const { uri = "", tokenFile = "" } = places[0] ?? {};
  const token = readFileSync(tokenFile, "utf8");
  notice(`TOKEN=${token}`);
  const { port, pathname } = new URL(uri);
  const request: Serving["request"] = (changes = {}) =>
    `GET ${changes.path ?? pathname} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: ${changes.token ?? token}\r\n\r\n`;
  return { ...running, port: Number(port), path: pathname, token, tokenFile, request };
}

/** A connection that is closed with the test. */
export function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
    onTestFinished(() => void socket.destroy());
  });
}

export interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

/** Sends the text, and gives the first reply, or status 0 where the connection was closed without one. */
export async function send(port: number, text: string): Promise<Reply> {
  const socket = await open(port);
  let came = "";
  socket.write(text);
  return new Promise((resolve) => {
    const done = (): void => {
      const [head = "", body = ""] = came.split(/\r\n\r\n(.*)/s);
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), head, body });
      socket.destroy();
    };
    socket.on("data", (chunk: Buffer) => {
      came += chunk.toString();
      const [head = "", body] = came.split(/\r\n\r\n(.*)/s);
      const length = /content-length: (\d+)/i.exec(head)?.[1];
      if (body !== undefined && (text.startsWith("HEAD") || body.length >= Number(length ?? 0))) done();
    });
    socket.on("error", done);
    socket.on("close", done);
  });
}
