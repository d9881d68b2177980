// The calls of a plan, played: each gives credentials that are named after what was asked and how often, and is written down.
import type { Credentials } from "../../src/plan/aws/credentials.ts";
import type { Calls, openCalls } from "../../src/credentials/plan-requests.ts";
import type { NamedCredentials } from "../../src/sts/types.ts";

interface Failure {
  readonly error: Error;
  /** How many more calls fail. */
  left: number;
}

export interface Played {
  readonly asked: string[];
  /** What the callers were called. */
  readonly names: string[];
  /** Milliseconds that what is given lives; no end without it. */
  life: number | undefined;
  clockOffset: number;
  /** The account that credentials tell. */
  account: string | undefined;
  closed: number;
  /** What the calls were opened with, last. */
  opening: Parameters<typeof openCalls>[1] | undefined;
  /** Lets the calls for `what` fail. */
  readonly fail: (what: string, error: Error, times?: number) => void;
  readonly reset: () => void;
  readonly open: (...opening: readonly unknown[]) => Calls;
}

/** @returns one player, whose `open` stands in for `openCalls` */
export function playCalls(): Played {
  const failures = new Map<string, Failure>();
  const counts = new Map<string, number>();
  const played: Played = {
    asked: [],
    names: [],
    life: 3_600_000,
    clockOffset: 0,
    account: undefined,
    closed: 0,
    opening: undefined,
    fail: (what, error, times = Infinity) => void failures.set(what, { error, left: times }),
    reset: () => {
      failures.clear();
      counts.clear();
      played.asked.length = 0;
      played.names.length = 0;
      Object.assign(played, { life: 3_600_000, clockOffset: 0, account: undefined, closed: 0, opening: undefined });
    },
    open: (context, opening) => {
      played.opening = opening as Played["opening"];
      const { now } = context as { now: () => number };
      const give = (what: string): Credentials => {
        const failure = failures.get(what);
        if (failure && failure.left-- > 0) throw failure.error;
        const count = (counts.get(what) ?? 0) + 1;
        counts.set(what, count);
        return {
          accessKeyId: `${what}.${String(count)}`,
          secretAccessKey: "played-secret",
          sessionToken: "played-token",
          ...(played.life !== undefined && { expiration: new Date(now() + played.life) }),
          ...(played.account !== undefined && { accountId: played.account }),
        };
      };
      return {
        source: async () => {
          played.asked.push("source");
          return Promise.resolve({ credentials: give("source"), name: "the source" });
        },
        token: () => Promise.resolve(undefined),
        ask: async (call, from: NamedCredentials) => {
          const what = "roleArn" in call ? (call.roleArn.split("/")[1] ?? "") : call.mfaSerial;
          played.asked.push(`${what} from ${from.credentials.accessKeyId}`);
          played.names.push(from.name);
          return Promise.resolve().then(() => give(what));
        },
        identity: ({ credentials }) => {
          played.asked.push(`identity of ${credentials.accessKeyId}`);
          return Promise.resolve({ accountId: "222222222222", arn: "arn:x", userId: "x" });
        },
        place: () => Promise.resolve({ endpoint: "https://sts.example.com/", region: "of-place" }),
        clockOffset: () => Promise.resolve(played.clockOffset),
        close: () => {
          played.closed++;
          return Promise.resolve();
        },
      };
    },
  };
  return played;
}
