// Sends one small HTTP request. It follows no redirects, limits time and size, and uses a proxy only through the given agent.
import { parseObject } from "./json.ts";
import http from "node:http";
import https from "node:https";

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Without an agent, the request opens its own connection and closes it afterwards. */
  readonly agent?: http.Agent;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
  /** The Date header: the time of the server's clock. */
  readonly date?: string | undefined;
}

/** Why there was no reply. */
export class HttpError extends Error {
  readonly kind: "timeout" | "unreachable" | "oversize";

  constructor(kind: "timeout" | "unreachable" | "oversize", message: string, options?: { cause: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/**
 * The proxy did not open the connection. `status` is its answer to CONNECT; it is undefined if the proxy did not answer, or could
 * not be reached.
 */
export class ProxyError extends Error {
  /** The bundle may contain this file twice, so `instanceof` compares the name. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof Error && value.name === "ProxyError";
  }

  readonly status: number | undefined;
  readonly isUnreachable: boolean;

  constructor(
    problem: string,
    at: { readonly status?: number; readonly isUnreachable?: boolean; readonly cause?: unknown },
  ) {
    super(problem, { cause: at.cause });
    this.name = "ProxyError";
    this.status = at.status;
    this.isUnreachable = at.isUnreachable ?? false;
  }
}

/** Credentials and role names take a few kilobytes; a larger reply is an error. */
const SIZE_LIMIT = 256 * 1024;

/**
 * Returns the reply, whatever its status. A redirect is returned like any other reply; it is not followed.
 * @throws HttpError, ProxyError
 */
export function exchange({ method, url, headers, body, agent, timeout }: HttpRequest): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    // `agent: false` also ignores a proxy that is configured for the global agent. `rejectUnauthorized` overrides
    // NODE_TLS_REJECT_UNAUTHORIZED=0.
    const options = { method, headers, agent: agent ?? false, rejectUnauthorized: true };
    const sent = request(url, options, (reply) => {
      const chunks: Buffer[] = [];
      let size = 0;
      reply.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        size += chunk.length;
        if (size > SIZE_LIMIT) fail(new HttpError("oversize", "it is too large"));
      });
      reply.on("end", () => {
        clearTimeout(timer);
        const body = Buffer.concat(chunks).toString("utf8");
        resolve({ status: reply.statusCode ?? 0, body, date: reply.headers.date });
      });
      reply.on("error", unreachable);
    });
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(error);
      sent.destroy();
    };
    const unreachable = (error: NodeJS.ErrnoException): void =>
      fail(
        error instanceof ProxyError
          ? error
          : error.code === "ETIMEDOUT"
            ? new HttpError("timeout", "no answer in time", { cause: error })
            : new HttpError("unreachable", describe(error), { cause: error }),
      );
    const timer = setTimeout(() => fail(new HttpError("timeout", `no answer within ${timeout / 1000} s`)), timeout);
    sent.on("error", unreachable);
    sent.end(body);
  });
}

/** What a reply is, in words, whose status is below 400 and not the 200 that was asked for. */
export const unexpected = (status: number): string =>
  status >= 300 ? "it redirects elsewhere" : `it answered ${String(status)} instead of 200`;

/**
 * Describes a reply that is not in the format in which AWS answers: a proxy, a captive portal or some other server sent it.
 * Undefined for a reply in that format, and for the empty reply of a service that throttles or fails.
 */
export function strangeReply({ status, body }: HttpReply, form: "json" | "xml"): string | undefined {
  // Services that answer in JSON may also fail in plain text, when the load balancer in front of them is overloaded.
  const isOutage = status === 429 || status >= 500;
  if (isOutage && (body.trim() === "" || (form === "json" && webPage(body) === undefined))) return undefined;
  const isInForm =
    form === "xml" ? /^\s*(<\?xml[^>]*>\s*)?<\w*(Response|Error)[\s>]/.test(body) : parseObject(body) !== undefined;
  if (isInForm) return undefined;
  return `${kindOf(body, form)} with status ${String(status)}, which is no answer of AWS's: a proxy or a network's sign-in page may have sent it`;
}

function kindOf(body: string, form: "json" | "xml"): string {
  return body.trim() === ""
    ? "it is empty,"
    : (webPage(body) ?? `it is not ${form === "xml" ? "XML of STS" : "a JSON object"},`);
}

/** The part of a refusal that is meant for people: the code and message of JSON or XML, or plain text; "" for anything else. */
export function spokenPart(body: string, limit = 200): string {
  const text = body.trim();
  const { Code, code, Message, message } = parseObject(text) ?? {};
  const parts = text.startsWith("<")
    ? [element(text, "Code"), element(text, "Message")]
    : [Code ?? code, Message ?? message];
  const told = parts.filter((part) => typeof part === "string" && part !== "").join(": ");
  // The EKS agent begins its reason with an id in brackets.
  const isPlain = !/^(?:[<{]|\[\s*["{[])/.test(text) && webPage(text) === undefined && !text.includes("\ufffd");
  const said = (told === "" && isPlain ? text : told).replace(/\s+/g, " ").trim();
  return said.slice(0, limit);
}

/** The text of an XML element that contains only text. */
const element = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();

/** Describes a reply that is a web page, with its title; undefined for any other reply. */
export function webPage(body: string): string | undefined {
  const head = body.slice(0, 4096);
  if (!/<(html|!doctype html|title|h\d|body)\b/i.test(head)) return undefined;
  const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1]?.replace(/\s+/g, " ").trim().slice(0, 80) ?? "";
  return `it is a web page${title === "" ? "" : ` ("${title}")`}`;
}

/** Describes a network error. Node's own message would contain addresses and system calls. */
export function describe(error: NodeJS.ErrnoException): string {
  if (error.code?.startsWith("HPE_")) return "its answer is not HTTP";
  switch (error.code) {
    case "ECONNREFUSED":
      return "connection refused";
    case "ECONNRESET":
    case "EPIPE":
      return "connection closed";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EADDRNOTAVAIL":
      return "no route to it";
    case "DEPTH_ZERO_SELF_SIGNED_CERT":
    case "SELF_SIGNED_CERT_IN_CHAIN":
    case "UNABLE_TO_VERIFY_LEAF_SIGNATURE":
    case "UNABLE_TO_GET_ISSUER_CERT":
    case "UNABLE_TO_GET_ISSUER_CERT_LOCALLY":
    case "CERT_HAS_EXPIRED":
    case "CERT_NOT_YET_VALID":
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `its certificate is not trusted (${error.code})`;
    case "EPROTO":
      return "the TLS handshake failed: what answers there may not speak TLS";
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return "its name cannot be resolved";
    default:
      return error.code ?? error.message;
  }
}
