// Runs a small HTTP server on loopback, with limits, whose handler turns each request into a reply.
import { type Incoming, type Outgoing } from "./http-message.ts";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { queryError } from "./services/xml.ts";

export interface Server {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const BODY_LIMIT = 1024 * 1024;

/** Starts a server on 127.0.0.1, on a free port. If the handler throws, the request is answered with status 500, as by AWS. */
export async function serve(handle: (request: Incoming) => Outgoing | Promise<Outgoing>): Promise<Server> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, maxHeaderSize: 16 * 1024, requireHostHeader: true },
    (message, response) => {
      void answer(message).then((reply) => {
        const headers = { "content-length": String(Buffer.byteLength(reply.body ?? "")), ...reply.headers };
        response.writeHead(reply.status, headers);
        response.end(message.method === "HEAD" ? "" : reply.body);
      });
    },
  );
  const answer = async (message: IncomingMessage): Promise<Outgoing> => {
    const { port } = server.address() as AddressInfo;
    if (!isForThisServer(message, port)) return { status: 403 };
    const body = await readBody(message);
    if (body === undefined) return { status: 413 };
    try {
      const incoming = read(message, body);
      return incoming ? await handle(incoming) : { status: 400 };
    } catch {
      return queryError(500, "InternalFailure", "The sandbox could not answer this request.");
    }
  };
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Rejects requests from web pages in a browser, which can reach loopback too: they have an Origin header, or another host name in
 * Host.
 */
function isForThisServer({ headers, rawHeaders }: IncomingMessage, port: number): boolean {
  const hosts = rawHeaders.filter((_, index) => index % 2 === 0 && rawHeaders[index]?.toLowerCase() === "host");
  const known = [`127.0.0.1:${String(port)}`, `localhost:${String(port)}`];
  return hosts.length === 1 && known.includes(headers.host?.toLowerCase() ?? "") && headers.origin === undefined;
}

function read({ method = "", url = "/", headers }: IncomingMessage, body: string): Incoming | undefined {
  const [path = "/", search = ""] = url.split(/\?(.*)/s);
  // A request for a proxy, which contains a host, or a request about the whole server (`*`).
  if (!path.startsWith("/")) return undefined;
  try {
    decodeURIComponent(path);
  } catch {
    return undefined;
  }
  const flat = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]);
  return {
    method,
    path,
    query: new URLSearchParams(search),
    // An object without a prototype, so that a header only exists if it was sent, whatever its name.
    headers: Object.assign(Object.create(null) as object, Object.fromEntries(flat)) as Incoming["headers"],
    body,
  };
}

/** The body; undefined if it is too large. */
async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > BODY_LIMIT) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString("utf8");
}
