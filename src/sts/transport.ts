// How requests to AWS travel: certificates always checked, against the user's own bundle where there is one, and through the
// user's proxy, but never for this machine (rule 37).
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { resolve } from "node:path";
import { isLoopback } from "../plan/aws/endpoint.ts";
import type { CaBundle } from "../plan/sts-types.ts";
import { expandHome } from "../config/locate.ts";
import { variable, type Context, type Environment } from "../context/types.ts";
import { XroleError } from "../errors/errors.ts";
import { readText, type Fail } from "../util/files.ts";

/** Agents for Node's http and https; connections are kept, so that a chain of hops shares one. */
export interface Transport {
  readonly httpAgent: HttpAgent;
  readonly httpsAgent: HttpsAgent;
  /** The proxy's host and port; absent without one. */
  readonly proxy?: string;
  readonly close: () => void;
}

/**
 * The transport to `url`.
 * @throws XroleError `ca-bundle`, `proxy-invalid`
 */
export async function openTransport(context: Context, caBundle: CaBundle | undefined, url: string): Promise<Transport> {
  // `rejectUnauthorized` is said aloud: NODE_TLS_REJECT_UNAUTHORIZED=0 would otherwise switch the check off.
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
  // What the constructor takes is for the connection to the proxy; what is behind it reads the agent's options.
  Object.assign(agent.options, tls);
  // It does CONNECT for plain http too, and is an agent of either kind.
  return {
    httpAgent: agent,
    httpsAgent: agent as unknown as HttpsAgent,
    proxy: proxy.host,
    close: () => agent.destroy(),
  };
}

/**
 * The proxy for `url`: https_proxy or http_proxy by its scheme, unless no_proxy names the host; lower case wins, as for the
 * AWS CLI.
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
  // The value is not shown: it may hold a password.
  if (!/^https?:\/\/[^\\/]/i.test(text) || !URL.canParse(text)) throw new XroleError("proxy-invalid", { name });
  return new URL(text);
}

/** no_proxy: names with commas; each stands for itself and what is below it; `*` for all; a port narrows it. */
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

/** Bytes; the bundles of browsers and systems are some hundred kilobytes. */
const BUNDLE_LIMIT = 16 * 1024 * 1024;

/** A bundle stands in for the authorities that Node trusts, as for the AWS CLI. */
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
