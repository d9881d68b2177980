// Serves credentials to clients on this machine by the container protocol, which every AWS SDK supports (AWS SDKs and Tools
// Reference, "Container credential provider"). A client that can reach a loopback port is not necessarily the user: web pages in a
// browser and other users can reach it, too.
import { hash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { formatTime } from "../../plan/aws/timestamps.ts";
import type { Credentials } from "../../plan/aws/credentials.ts";
import { XroleError } from "../../errors/error.ts";

/** A route of the endpoint: a client that knows both path and token gets these credentials. */
export interface Route {
  /** A random path that begins with `/`. */
  readonly path: string;
  /** The complete value of the Authorization header. */
  readonly token: string;
  readonly credentials: () => Promise<Credentials>;
}

/** A response, for the audit log. The route is undefined if the request was refused. */
export interface Answered {
  readonly place: Route | undefined;
  readonly status: number;
  readonly accessKeyId?: string;
}

export interface Endpoint {
  /** `http://127.0.0.1:<port>`, without a path. */
  readonly url: string;
  /** Finishes the requests in progress, and accepts no more. */
  readonly close: () => Promise<void>;
}

export interface EndpointOptions {
  /** A loopback address. */
  readonly host: string;
  /** The port; 0 for any free port. */
  readonly port: number;
  readonly places: readonly Route[];
  readonly onAnswer?: (answered: Answered) => void;
  /** The current time, in milliseconds since 1970. */
  readonly now: () => number;
}

/** Whether SDKs accept these credentials from an endpoint: they require a session token and an expiration. */
export const isServable = ({ sessionToken, expiration }: Credentials): boolean =>
  sessionToken !== undefined && expiration !== undefined;

const TIMEOUT = 5000;
const LIMITS = {
  maxHeaderSize: 8 * 1024,
  headersTimeout: TIMEOUT,
  requestTimeout: TIMEOUT,
  keepAliveTimeout: TIMEOUT,
  connectionsCheckingInterval: 1000,
};
/** Connections without a request in progress: beyond this number, the ones that have been silent longest are closed. */
const MOST_SILENT = 64;
/** Milliseconds that a new connection has to send a request. */
const SILENCE = 500;
/** Milliseconds that requests in progress have when the endpoint closes. */
const LAST_WORDS = 2000;

/** Headers of a browser, a proxy or a protocol upgrade, which no SDK sends. */
const FOREIGN = /^(origin|forwarded|via|upgrade|transfer-encoding|x-forwarded-.*|sec-fetch-site)$/;
const REFUSED = JSON.stringify({ code: "AccessDenied", message: "refused" });

/** @throws XroleError `listen-failed` */
export async function openEndpoint({ host, port, places, onAnswer, now }: EndpointOptions): Promise<Endpoint> {
  const known = places.map((place) => ({ place, digest: digest(place.path, place.token) }));
  const server = createServer(LIMITS, (request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  /** The path and token that each connection has shown already; clients keep their connections open. */
  const proven = new WeakMap<Socket, { readonly path: string; readonly token: string; readonly place: Route }>();
  const silent = watchSilence(server, now);
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  // The authority as a client writes it: without the port, if it is 80.
  const { origin, host: authority } = new URL(`http://${host.includes(":") ? `[${host}]` : host}:${String(bound)}`);
  return { url: origin, close: () => closeServer(server) };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const place = placeOf(request);
    if (!place) {
      send(response, 403, REFUSED);
      onAnswer?.({ place, status: 403 });
      return;
    }
    silent.speaks(request.socket);
    try {
      const credentials = await place.credentials();
      send(response, 200, containerJson(credentials));
      onAnswer?.({ place, status: 200, accessKeyId: credentials.accessKeyId });
    } catch (error) {
      const { code, message } = error instanceof XroleError ? error : { code: "internal", message: "no credentials" };
      send(response, 503, JSON.stringify({ code, message }));
      onAnswer?.({ place, status: 503 });
    } finally {
      silent.falls(request.socket);
    }
  }

  function placeOf(request: IncomingMessage): Route | undefined {
    const { url: path = "", socket } = request;
    const token = tokenOf(request, authority);
    if (token === undefined) return undefined;
    const proof = proven.get(socket);
    // Comparing with what the same client has shown before reveals nothing to it.
    if (proof?.path === path && proof.token === token) return proof.place;
    const place = find(path, token);
    if (place) proven.set(socket, { path, token, place });
    return place;
  }

  /** Finds the route of a path and token. Its running time reveals nothing about either. */
  function find(path: string, token: string): Route | undefined {
    const asked = digest(path, token);
    let found: Route | undefined;
    for (const { place, digest: wanted } of known) if (timingSafeEqual(wanted, asked)) found = place;
    return found;
  }
}

/** The token of a request that looks like an SDK's: GET, exactly one matching Host, one token, and no foreign headers. */
function tokenOf({ method, rawHeaders }: IncomingMessage, authority: string): string | undefined {
  if (method !== "GET") return undefined;
  let isHost = false;
  let token: string | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]?.toLowerCase() ?? "";
    const value = rawHeaders[at + 1] ?? "";
    if (name === "host") {
      if (isHost || value !== authority) return undefined;
      isHost = true;
    } else if (name === "authorization") {
      if (token !== undefined) return undefined;
      token = value;
    } else if (FOREIGN.test(name) || (name === "content-length" && value !== "0")) {
      return undefined;
    }
  }
  return isHost ? token : undefined;
}

const digest = (path: string, token: string): Buffer => hash("sha256", `${path}\n${token}`, "buffer");

/** The JSON of the container protocol, cached because the same credentials are requested many times. */
function containerJson(credentials: Credentials): string {
  const known = jsonOf.get(credentials);
  if (known !== undefined) return known;
  const { accessKeyId, secretAccessKey, sessionToken, expiration, accountId } = credentials;
  const json = JSON.stringify({
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    Token: sessionToken,
    Expiration: expiration && formatTime(expiration),
    AccountId: accountId,
  });
  jsonOf.set(credentials, json);
  return json;
}
const jsonOf = new WeakMap<Credentials, string>();

function send(response: ServerResponse, status: number, body: string): void {
  const headers = {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
    "cache-control": "no-store",
  };
  response.writeHead(status, headers).end(body);
}

/** Closes connections that send nothing, so that clients that wait for credentials can always connect. */
function watchSilence(
  server: Server,
  now: () => number,
): { readonly speaks: (socket: Socket) => void; readonly falls: (socket: Socket) => void } {
  // In the order in which they became silent.
  const since = new Map<Socket, number>();
  const falls = (socket: Socket): void => {
    since.delete(socket);
    if (!socket.destroyed) since.set(socket, now());
  };
  server.on("connection", (socket: Socket) => {
    falls(socket);
    socket.on("close", () => since.delete(socket));
    for (const [other, start] of since) {
      if (since.size <= MOST_SILENT || now() - start < SILENCE) break;
      since.delete(other);
      other.destroy();
    }
  });
  return { speaks: (socket) => since.delete(socket), falls };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const problem = error.code === "EADDRINUSE" ? "something else listens there" : (error.code ?? error.message);
      reject(new XroleError("listen-failed", { address: `${host}:${String(port)}`, problem }, { cause: error }));
    });
    server.listen(port, host, resolve);
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), LAST_WORDS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
