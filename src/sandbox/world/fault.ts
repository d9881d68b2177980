// Parses the faults that the sandbox injects on request (docs/sandbox.md).

export const SERVICES = ["instance", "container", "sts", "s3", "signin"] as const;

export type SandboxService = (typeof SERVICES)[number];

export const FAULT_KINDS = ["throttle", "unavailable", "slow", "denied", "expired"] as const;

export interface Fault {
  readonly service: SandboxService;
  readonly kind: (typeof FAULT_KINDS)[number];
  /** How many requests it affects; all by default. */
  readonly times?: number;
}

/** Parses texts such as `throttle`, `throttle:2` or `instance.slow:1`; the service is STS unless one is named. */
export function parseFault(text: string): Fault | undefined {
  const [, service = "sts", kind, times] = /^(?:(\w+)\.)?(\w+)(?::(\d+))?$/.exec(text) ?? [];
  const known = SERVICES.find((one) => one === service);
  const found = FAULT_KINDS.find((one) => one === kind);
  if (!known || !found) return undefined;
  return { service: known, kind: found, ...(times !== undefined && { times: Number(times) }) };
}
