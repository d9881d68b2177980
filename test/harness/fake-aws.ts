// A scripted server on loopback, for faults that the sandbox does not play. It records what it was asked.
import { readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { resolve } from "node:path";
import { connect, createServer as createNetServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { secret } from "./secrets.ts";

export interface Asked {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export interface FakeAws {
  readonly url: string;
  readonly asked: readonly Asked[];
}

/** A server of fakeAws's, with its connections, open and closed. */
export interface WatchedAws extends FakeAws {
  readonly sockets: readonly Socket[];
}

export type Answer = (response: ServerResponse, asked: Asked, count: number) => void;

const fixture = (name: string): string => resolve(import.meta.dirname, "../fixtures", name);
/** The certificate that signs for itself as localhost, 127.0.0.1, sts.example.com and portal.example.com. */
export const CERTIFICATE = fixture("tls-certificate.pem");

export interface FakeProxy {
  /** The proxy's own URL, without a user. */
  readonly url: string;
  /** The targets of CONNECT, as sent. */
  readonly connected: readonly string[];
}

/**
 * Starts a proxy that leads every CONNECT to `target`, and answers 407 to whoever does not say `password`.
 * @param refusals what it answers first, as it stands
 */
export async function fakeProxy(
  target: string,
  password?: string,
  refusals: readonly string[] = [],
): Promise<FakeProxy> {
  const connected: string[] = [];
  const wanted = password === undefined ? undefined : `Basic ${Buffer.from(password).toString("base64")}`;
  const server = createServer((_, response) => void response.writeHead(500).end());
  server.on("connect", ({ url = "", headers }: IncomingMessage, client: Socket) => {
    const refusal = refusals[connected.push(url) - 1];
    if (refusal !== undefined) return void client.end(refusal);
    if (wanted !== undefined && headers["proxy-authorization"] !== wanted)
      return void client.end("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    const { hostname, port } = new URL(target);
    const upstream = connect(Number(port), hostname, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [upstream, client]) socket.on("error", () => [upstream, client].map((one) => one.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connected };
}

/** Starts a proxy that answers every CONNECT with `text` as it stands, or not at all, and closes the connection unless it is undefined. */
export async function refusingProxy(text: string | undefined): Promise<FakeProxy> {
  const connected: string[] = [];
  const server = createNetServer((client) => {
    client.on("error", () => undefined);
    client.once("data", (head: Buffer) => {
      connected.push(head.toString().split(" ")[1] ?? "");
      if (text !== undefined) client.end(text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, connected };
}

/** Starts a server that answers with `answer`, and closes it with the test. */
export async function fakeAws(answer: Answer, { tls = false, host = "127.0.0.1" } = {}): Promise<WatchedAws> {
  const asked: Asked[] = [];
  const listen = (request: IncomingMessage, response: ServerResponse): void => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const one = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      asked.push(one);
      answer(response, one, asked.length);
    });
  };
  const server = tls
    ? createTlsServer({ cert: readFileSync(CERTIFICATE), key: readFileSync(fixture("tls-key.pem")) }, listen)
    : createServer(listen);
  const sockets: Socket[] = [];
  // Only the other side ends a connection.
  server.keepAliveTimeout = 0;
  server.on("connection", (socket: Socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const name = host.includes(":") ? `[${host}]` : host;
  return { url: `http${tls ? "s" : ""}://${name}:${(server.address() as AddressInfo).port}`, asked, sockets };
}

/** Resolves when every connection of the server has been closed. */
export async function closed({ sockets }: WatchedAws): Promise<void> {
  for (const socket of sockets) if (!socket.destroyed) await new Promise((done) => socket.once("close", done));
}

export interface StsFields {
  readonly token?: string;
  readonly expiration?: string;
}

/** A reply of AssumeRole, AssumeRoleWithWebIdentity or GetSessionToken for the role that `body` asks for: key `ASIA<role name>`, its account, and secrets that are noticed. */
export function assumeRoleReply(body: string, fields: StsFields = {}): string {
  const asked = new URLSearchParams(body);
  const action = asked.get("Action") ?? "";
  const [, , , , account, role = "/session"] = (asked.get("RoleArn") ?? "").split(":");
  const name = role.split("/").at(-1) ?? "";
  const session = asked.get("RoleSessionName") ?? "";
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
<AssumedRoleUser><AssumedRoleId>AROAEXAMPLE:${session}</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-role/${name}/${session}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>ASIA${name.replace(/\W/g, "")}</AccessKeyId><SecretAccessKey>${secret(`secret-of-${name}`)}</SecretAccessKey>
<SessionToken>${fields.token ?? secret(`token-of-${name}`)}</SessionToken><Expiration>${fields.expiration ?? "2099-01-01T00:00:00Z"}</Expiration></Credentials>
</${action}Result><ResponseMetadata><RequestId>test</RequestId></ResponseMetadata></${action}Response>`;
}

/** Answers whoever asks; GetCallerIdentity says account 999999999999. */
export const sts: Answer = (response, { body }) => {
  const isIdentity = new URLSearchParams(body).get("Action") === "GetCallerIdentity";
  response.end(isIdentity ? IDENTITY : assumeRoleReply(body));
};

/** Answers with an hour, and a session of its own each time: what may be kept. */
export const hourly: Answer = (response, { body }) =>
  response.end(
    assumeRoleReply(body, {
      token: secret(`token-number-${String(++sessions)}`),
      expiration: new Date(Date.now() + 3_600_000).toISOString(),
    }),
  );
let sessions = 0;

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:iam::999999999999:user/somebody</Arn><UserId>AIDASOMEBODY</UserId><Account>999999999999</Account>
</GetCallerIdentityResult></GetCallerIdentityResponse>`;

/** An error of AWS's query protocol. */
export function awsError(response: ServerResponse, status: number, code: string, message: string): void {
  response.writeHead(status, { "content-type": "text/xml" });
  response.end(
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  );
}

/** Answers as an instance with the role `myrole`, IMDSv2 only. */
export const imds: Answer = (response, { method, url, headers }) => {
  const token = secret("imds-session-token");
  if (method === "PUT" && url.endsWith("/latest/api/token")) return void response.end(token);
  if (headers["x-aws-ec2-metadata-token"] !== token) return void response.writeHead(401).end();
  if (url.endsWith("/iam/security-credentials/")) return void response.end("myrole\n");
  if (url.endsWith("/iam/security-credentials/myrole")) return void response.end(containerReply("INSTANCE"));
  if (url.endsWith("/placement/region")) return void response.end("eu-central-1");
  return void response.writeHead(404).end();
};

/** The JSON in which the instance and the container hand out credentials. */
export function containerReply(name: string): string {
  return JSON.stringify({
    Code: "Success",
    AccessKeyId: `ASIA${name}`,
    SecretAccessKey: secret(`secret-of-${name}`),
    Token: secret(`token-of-${name}`),
    Expiration: "2099-01-01T00:00:00Z",
  });
}
