// Faults on demand: what a network and an overloaded AWS do, so that scripts and tests can rehearse them.
import type { Incoming, Outgoing } from "../serve.ts";
import { queryError } from "./xml.ts";

export const SERVICES = ["instance", "container", "sts", "s3", "signin"] as const;
export type Service = (typeof SERVICES)[number];

export const FAULT_KINDS = ["throttle", "unavailable", "slow", "denied", "expired"] as const;

export interface Fault {
  readonly service: Service;
  readonly kind: (typeof FAULT_KINDS)[number];
  /** How many requests it meets; without it, all. */
  readonly times?: number;
}

export type Handler = (request: Incoming) => Outgoing | Promise<Outgoing>;

/** Milliseconds that a slow service takes. */
const SLOW = 3000;

/** The fault that words such as `throttle`, `throttle:2` or `instance.slow:1` name; STS is meant where no service is named. */
export function parseFault(text: string): Fault | undefined {
  const [, service = "sts", kind, times] = /^(?:(\w+)\.)?(\w+)(?::(\d+))?$/.exec(text) ?? [];
  const known = SERVICES.find((one) => one === service);
  const found = FAULT_KINDS.find((one) => one === kind);
  if (!known || !found) return undefined;
  return { service: known, kind: found, ...(times !== undefined && { times: Number(times) }) };
}

/** The handler, with the faults of its service in front, in their order. */
export function withFaults(service: Service, faults: readonly Fault[], handle: Handler): Handler {
  const left = faults
    .filter((fault) => fault.service === service)
    .map((fault) => ({ ...fault, times: fault.times ?? Infinity }));
  return async (request) => {
    const fault = left.find(({ times }) => times > 0);
    if (!fault) return handle(request);
    fault.times--;
    switch (fault.kind) {
      case "throttle":
        return queryError(400, "Throttling", "Rate exceeded");
      case "unavailable":
        return queryError(503, "ServiceUnavailable", "Service is unable to handle request.");
      case "denied":
        return queryError(403, "AccessDenied", "The sandbox was told to deny this.");
      case "expired":
        return queryError(403, "ExpiredToken", "The security token included in the request is expired");
      case "slow":
        await new Promise((resolve) => setTimeout(resolve, SLOW));
        return handle(request);
      default:
        return fault.kind satisfies never;
    }
  };
}
