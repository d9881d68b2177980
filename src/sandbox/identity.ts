// The credentials the sandbox knows: its users' keys, and the sessions it has issued. Kept in memory only.
import { randomBytes } from "node:crypto";
import type { Caller, Policy } from "./policy.ts";
import type { FoundRole, World } from "./world.ts";

export interface Identity extends Caller {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** Milliseconds since 1970. */
  readonly expires?: number;
  readonly userId: string;
  readonly policy: Policy | undefined;
}

export interface Session extends Identity {
  readonly sessionToken: string;
  readonly expires: number;
}

export interface Identities {
  readonly find: (accessKeyId: string) => Identity | undefined;
  /** A new session of a role that ends `seconds` from now. */
  readonly issue: (role: FoundRole, sessionName: string, seconds: number) => Session;
}

export function openIdentities({ accounts }: World, now: () => number): Identities {
  const known = new Map<string, Identity>();
  for (const [accountId, { users }] of Object.entries(accounts)) {
    for (const [name, { accessKeyId, secretAccessKey, policy }] of Object.entries(users)) {
      const arn = `arn:aws:iam::${accountId}:user/${name}`;
      known.set(accessKeyId, { accountId, arn, accessKeyId, secretAccessKey, userId: stableId("AIDA", arn), policy });
    }
  }
  return { find: (accessKeyId) => known.get(accessKeyId), issue };

  function issue(role: FoundRole, sessionName: string, seconds: number): Session {
    const session: Session = {
      accountId: role.accountId,
      arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
      roleArn: role.arn,
      userId: `${stableId("AROA", role.arn)}:${sessionName}`,
      policy: role.policy,
      accessKeyId: `ASIA${letters(16)}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(240).toString("base64"),
      expires: (Math.floor(now() / 1000) + seconds) * 1000,
    };
    known.set(session.accessKeyId, session);
    return session;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const letters = (count: number): string => [...randomBytes(count)].map((byte) => ALPHABET[byte % 32]).join("");

/** An id like IAM's, the same for the same ARN. */
function stableId(prefix: string, arn: string): string {
  let state = 0n;
  for (const char of arn) state = (state * 131n + BigInt(char.charCodeAt(0))) % 32n ** 17n;
  return (
    prefix +
    state
      .toString(32)
      .padStart(17, "0")
      .replace(/./g, (digit) => ALPHABET.charAt(parseInt(digit, 32)))
  );
}
