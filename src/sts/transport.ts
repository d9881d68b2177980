// Decides how requests travel to AWS: TLS certificates are always verified, against the user's CA bundle if there is one, and
// requests go through the user's proxy, except requests to this machine (rule 37).
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { resolve } from "node:path";
import { isLoopback } from "../plan/aws/endpoint.ts";
import type { CaBundle } from "../plan/sts-calls.ts";
import { expandHome } from "../config/locate.ts";
import { variable, type Context, type Environment } from "../context/types.ts";
import { XroleError } from "../errors/error.ts";
import { readText, type Fail } from "../util/files.ts";

/** Agents for Node's http and https. Connections are kept open, so that the hops of a chain share one. */
export interface Transport {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** The proxy's host and port; absent without a proxy. */
  readonly proxy?: string;
  readonly close: () => void;
}

/** The transport for `url`. @throws XroleError `ca-bundle`, `proxy-invalid` */
export async function openTransport(context: Context, caBundle: CaBundle | undefined, url: string): Promise<Transport> {
  // `rejectUnauthorized` is explicit: otherwise NODE_TLS_REJECT_UNAUTHORIZED=0 would switch verification off.
  const tls = { rejectUnauthorized: true, ...(caBundle && { ca: readBundle(context, caBundle) }) };
  const proxy = proxyFor(context.env, new URL(url));
  if (proxy === undefined) {
    const agents = {
      httpAgent: new HttpAgent({ keepAlive: true }),
      httpsAgent: new HttpsAgent({ keepAlive: true, ...tls }),
    };
    return { ...agents, close: () => Object.values(agents).forEach((agent) => agent.destroy()) };
  }
  context.debug(`by way of the proxy ${proxy.host}`);
  const { openProxyAgent } = await import("./proxy-agent.ts");
  const agent = openProxyAgent(proxy, { keepAlive: true, ...tls });
  // The constructor's options are for the connection to the proxy. The TLS connection to the endpoint uses `agent.options`.
  Object.assign(agent.options, tls);
  // It uses CONNECT for plain http too, and works as an agent for both schemes.
  return {
    httpAgent: agent,
    httpsAgent: agent as unknown as HttpsAgent,
    proxy: proxy.host,
    close: () => agent.destroy(),
  };
}

/**
 * The proxy for `url`: https_proxy or http_proxy, depending on its scheme, unless no_proxy lists the host. Lower-case names take
 * precedence, as in the AWS CLI.
 * @throws XroleError `proxy-invalid`
 */
export function proxyFor(env: Environment, url: URL): URL | undefined {
  const either = (name: string): [name: string, value: string] | undefined => {
    const found = [name, name.toUpperCase()].find((one) => variable(env, one) !== undefined);
    return found === undefined ? undefined : [found, variable(env, found) ?? ""];
  };
  const proxy = either(`${url.protocol.slice(0, -1)}_proxy`);
  if (!proxy || isLoopback(url.hostname) || isExcluded(either("no_proxy")?.[1] ?? "", url)) return undefined;
  const [name, value] = proxy;
  const text = /^[a-z][\w+.-]*:[\\/]/i.test(value) ? value : `http://${value}`;
  // The value is not shown, because it may contain a password.
  if (!/^https?:\/\/[^\\/]/i.test(text) || !URL.canParse(text)) throw new XroleError("proxy-invalid", { name });
  return new URL(text);
}

/**
 * Reads no_proxy: comma-separated names, each matching the host and its subdomains; `*` matches all; a port limits the match to
 * that port.
 */
function isExcluded(list: string, url: URL): boolean {
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return list
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", onlyPort] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry) ?? [];
      if (name === "" || (onlyPort !== undefined && onlyPort !== port)) return false;
      return url.hostname === name || url.hostname.endsWith(`.${name}`);
    });
}

/** The largest size, in bytes; the bundles of browsers and systems take some hundred kilobytes. */
const BUNDLE_LIMIT = 16 * 1024 * 1024;

/** Reads the CA bundle, which replaces the authorities that Node trusts, as in the AWS CLI. */
function readBundle(context: Context, { file, from }: CaBundle): string {
  const fail: Fail = (problem, cause) => {
    throw new XroleError("ca-bundle", { where: from, file, problem }, { cause });
  };
  const isVariable = from === "AWS_CA_BUNDLE";
  const [name, where] = isVariable ? [from, "environment"] : ["ca_bundle", from];
  const path = resolve(context.cwd, expandHome(file, context, name, where));
  const text = readText(path, fail, { limit: BUNDLE_LIMIT }) ?? fail("there is no such file");
  return text.includes("-----BEGIN CERTIFICATE-----") ? text : fail("it holds no certificate");
}
