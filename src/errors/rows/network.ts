// Reaching AWS: files that a call needs, proxies, and replies that do not come.
import { foreignHint, noExpansion, noRegion } from "../hints.ts";
import { row } from "../row.ts";
import { STATUS } from "../status.ts";

export const NETWORK = {
  "web-identity-token": row<{ where: string; file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: the web identity token file ${at.file}: ${at.problem}`,
    hint: (at) =>
      noExpansion(at.file) ??
      "EKS mounts it in pods whose service account has a role; in CI a step of the job writes it",
    when: "the web identity token file cannot be read, or holds no token",
    fix: "EKS mounts it in pods whose service account has a role; in CI a step of the job writes it",
  }),
  "ca-bundle": row<{ where: string; file: string; problem: string }>({
    status: STATUS.config,
    message: (at) => `${at.where}: the CA bundle ${at.file}: ${at.problem}`,
    hint: (at) => noExpansion(at.file) ?? "give a file of certificates in PEM form",
    when: "the file of `ca_bundle` or `AWS_CA_BUNDLE` cannot be read, or holds no certificates",
    fix: "give a file of certificates in PEM form",
  }),
  "proxy-invalid": row<{ name: string }>({
    status: STATUS.config,
    message: (at) => `${at.name} is not the URL of an http or https proxy`,
    hint: "write it as http://proxy.example.com:3128; in a user or password, write / ? # and @ percent-encoded (%2F %3F %23 %40)",
    when: "a proxy variable that is not an http or https URL",
    fix: "write it as `http://proxy.example.com:3128`, with / ? # and @ of a user or password percent-encoded",
  }),
  "proxy-refused": row<{ proxy: string; endpoint: string; status?: number; problem: string }>({
    status: STATUS.unavailable,
    message: (at) => `the proxy ${at.proxy} does not connect to ${at.endpoint}: ${at.problem}`,
    hint: (at) =>
      at.status === 407
        ? "it wants a user and a password: write them into the proxy variable, as in http://user:password@proxy.example.com:3128"
        : at.status !== undefined && at.status >= 500
          ? "it may not reach that host: try again later, check the region and the endpoint, or ask whoever runs the proxy"
          : "its rules may forbid that host: ask whoever runs the proxy, or name the host in no_proxy to go past it",
    when: "the proxy does not connect; the message has its host and its answer",
    fix: "for 407, write a user and password into the proxy variable; else ask whoever runs the proxy, or name the host in `no_proxy`",
  }),
  /** `isThrottled`: the reply holds AWS's own throttling code, so the network is not at fault. */
  "sts-throttled": row<{ endpoint: string; detail: string; isThrottled?: boolean }>({
    status: STATUS.tryLater,
    message: (at) => `${at.endpoint} is throttling or out of order: ${at.detail}`,
    hint: "trying later may help",
    when: "STS is throttling or out of order",
    fix: "try again later",
  }),
  "sts-timeout": row<{ endpoint: string }>({
    status: STATUS.tryLater,
    message: (at) => `${at.endpoint} did not answer in time`,
    hint: "trying later may help",
    when: "STS did not answer in time",
    fix: "try again later",
  }),
  "sts-unreachable": row<{ endpoint: string; problem: string; proxy?: string | undefined }>({
    status: STATUS.unavailable,
    message: (at) =>
      `${at.endpoint} could not be reached${at.proxy === undefined ? "" : `, by way of the proxy ${at.proxy}`}: ${at.problem}`,
    hint: (at) =>
      at.problem.includes("certificate")
        ? "where a proxy breaks TLS open, name its authority with ca_bundle or AWS_CA_BUNDLE"
        : (noRegion(at.endpoint, at.problem) ?? "check the network, the region, the endpoint and the proxy variables"),
    when: "STS, SSO or AWS sign-in could not be reached",
    fix: "check the network, the region, the endpoint and the proxy variables; see [network.md](network.md)",
  }),
  "sts-reply": row<{ endpoint: string; problem: string; isForeign?: boolean }>({
    status: STATUS.software,
    message: (at) => `${at.endpoint} sent a reply that makes no sense: ${at.problem}`,
    hint: foreignHint,
    when: "STS sends a reply that makes no sense, such as a web page of a proxy",
    fix: "sign in to the network; check the proxy variables and the endpoint",
  }),
};
