// One small HTTP request: no redirect, a limit on time and size, and no proxy unless its agent is given.
import http from "node:http";
import https from "node:https";

export interface HttpRequest {
  readonly method: "GET" | "PUT" | "POST";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Without one, the request has its own connection, closed after. */
  readonly agent?: http.Agent;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
}

export interface HttpReply {
  readonly status: number;
  readonly body: string;
  /** The Date header: what the other side's clock says. */
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

/** A proxy did not connect. `status` is its answer to CONNECT; without one it gave none, or could not be reached itself. */
export class ProxyError extends Error {
  /** The bundle may have this file twice. */
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

/** Credentials and role names are a few kilobytes; more is not an answer. */
const SIZE_LIMIT = 256 * 1024;

/**
 * The reply, whatever its status. A redirect is a reply like any other: it is not followed.
 * @throws HttpError, ProxyError
 */
export function exchange({ method, url, headers, body, agent, timeout }: HttpRequest): Promise<HttpReply> {
  return new Promise((resolve, reject) => {
    const { request } = url.startsWith("https:") ? https : http;
    // `agent: false` also keeps a proxy set up for the global agent out, and NODE_TLS_REJECT_UNAUTHORIZED=0 has no say.
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
 * What a reply is, in words, when it is not in the form in which AWS answers: then a proxy, a captive portal or some other server has
 * answered. Undefined for a reply in the form, and for an empty one of a service that throttles or is out of order.
 */
export function strangeReply({ status, body }: HttpReply, form: "json" | "xml"): string | undefined {
  // Services that answer in JSON fail in plain text, too, when what is in front of them is overloaded.
  const isOutage = status === 429 || status >= 500;
  if (isOutage && (body.trim() === "" || (form === "json" && webPage(body) === undefined))) return undefined;
  const isInForm =
    form === "xml" ? /^\s*(<\?xml[^>]*>\s*)?<\w*(Response|Error)[\s>]/.test(body) : objectIn(body) !== undefined;
  if (isInForm) return undefined;
  return `${kindOf(body, form)} with status ${String(status)}, which is no answer of AWS's: a proxy or a network's sign-in page may have sent it`;
}

function kindOf(body: string, form: "json" | "xml"): string {
  return body.trim() === ""
    ? "it is empty,"
    : (webPage(body) ?? `it is not ${form === "xml" ? "XML of STS" : "a JSON object"},`);
}

/** What is meant for people in the reply of a refusal: the code and message of JSON or XML, or plain text; "" of anything else. */
export function spokenPart(body: string, limit = 200): string {
  const text = body.trim();
  const { Code, code, Message, message } = objectIn(text) ?? {};
  const parts = text.startsWith("<")
    ? [element(text, "Code"), element(text, "Message")]
    : [Code ?? code, Message ?? message];
  const told = parts.filter((part) => typeof part === "string" && part !== "").join(": ");
  // The agent of EKS begins its reason with an id in brackets.
  const isPlain = !/^(?:[<{]|\[\s*["{[])/.test(text) && webPage(text) === undefined && !text.includes("\ufffd");
  const said = (told === "" && isPlain ? text : told).replace(/\s+/g, " ").trim();
  return said.slice(0, limit);
}

/** The text of an element of XML that holds nothing but text. */
const element = (xml: string, name: string): string | undefined =>
  new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]?.trim();

/** Says that a reply is a web page, with its title; undefined for any other. */
export function webPage(body: string): string | undefined {
  const head = body.slice(0, 4096);
  if (!/<(html|!doctype html|title|h\d|body)\b/i.test(head)) return undefined;
  const title = /<title[^>]*>([^<]*)/i.exec(head)?.[1]?.replace(/\s+/g, " ").trim().slice(0, 80) ?? "";
  return `it is a web page${title === "" ? "" : ` ("${title}")`}`;
}

/** The JSON object that a text is; undefined for any other. */
function objectIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A network error in words; the message of Node's names addresses and system calls. */
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
