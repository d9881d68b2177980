// Injects faults on request: network and AWS failures, so that scripts and tests can rehearse them.
import { type SandboxService, type Fault } from "../world/fault.ts";
import { type Handler } from "../http-message.ts";
import { queryError } from "./xml.ts";

/** How many milliseconds a slow service takes. */
const SLOW = 3000;

/** Wraps a handler in the faults of its service, in their order. */
export function withFaults(service: SandboxService, faults: readonly Fault[], handle: Handler): Handler {
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
