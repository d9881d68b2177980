// The credentials that the sandbox knows: its users' keys, and the sessions that it has issued. Kept in memory only.
import { randomBytes } from "node:crypto";
import type { Principal, Policy } from "../iam/evaluate-policy.ts";
import { openDevice } from "./totp.ts";
import type { FoundRole, World } from "./world.ts";

export interface Identity extends Principal {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  /** When they expire, in milliseconds since 1970. */
  readonly expires?: number;
  readonly userId: string;
  readonly policy: Policy | undefined;
  readonly boundary?: Policy | undefined;
  /** Policies that limit this session. */
  readonly sessionPolicies?: readonly Policy[];
  readonly tags?: Readonly<Record<string, string>>;
  /** Lower-case keys of the tags that the next session inherits. */
  readonly transitiveTags?: readonly string[];
  readonly sourceIdentity?: string;
  readonly isMfaPresent?: boolean;
  /** The session of a role that was assumed from a role. */
  readonly isChained?: boolean;
  /** For a user with an MFA device: its ARN, and whether a code is valid. */
  readonly device?: { readonly serial: string; readonly accepts: (code: string, time: number) => boolean };
}

export interface IssuedSession extends Identity {
  readonly sessionToken: string;
  readonly expires: number;
}

export interface Identities {
  readonly find: (accessKeyId: string) => Identity | undefined;
  /** Issues a session of a role that expires `seconds` from now. */
  readonly issue: (role: FoundRole, sessionName: string, seconds: number, more?: SessionExtras) => IssuedSession;
  /** Issues a session of the user itself. */
  readonly issueForUser: (user: Identity, seconds: number, isMfaPresent: boolean) => IssuedSession;
}

export type SessionExtras = Pick<
  Identity,
  "sessionPolicies" | "tags" | "transitiveTags" | "sourceIdentity" | "isMfaPresent" | "isChained"
>;

/** The values that conditions of every policy can use, by lower-case key. */
export function callerContext(caller: Identity): Record<string, string | undefined> {
  const tags = Object.entries(caller.tags ?? {}).map(([key, value]) => [
    `aws:principaltag/${key.toLowerCase()}`,
    value,
  ]);
  return {
    ...(Object.fromEntries(tags) as Record<string, string>),
    "aws:principalarn": caller.roleArn ?? caller.arn,
    "aws:principalaccount": caller.accountId,
    "aws:sourceidentity": caller.sourceIdentity,
    // The key only exists for sessions: a user's own keys carry no information about MFA.
    "aws:multifactorauthpresent": caller.sessionToken === undefined ? undefined : String(caller.isMfaPresent ?? false),
  };
}

export function openIdentities({ accounts, longestSession = Infinity }: World, now: () => number): Identities {
  const known = new Map<string, Identity>();
  for (const [accountId, { users }] of Object.entries(accounts)) {
    for (const [name, { accessKeyId, secretAccessKey, policy, boundary, mfaSecret }] of Object.entries(users)) {
      const arn = `arn:aws:iam::${accountId}:user/${name}`;
      const serial = `arn:aws:iam::${accountId}:mfa/${name}`;
      const device = mfaSecret === undefined ? {} : { device: { serial, accepts: openDevice(mfaSecret) } };
      const userId = stableId("AIDA", arn);
      known.set(accessKeyId, { accountId, arn, accessKeyId, secretAccessKey, userId, policy, boundary, ...device });
    }
  }
  return { find: (accessKeyId) => known.get(accessKeyId), issue, issueForUser };

  function issueForUser(user: Identity, seconds: number, isMfaPresent: boolean): IssuedSession {
    const { accountId, arn, userId, policy, boundary } = user;
    const session = { accountId, arn, userId, policy, boundary, isMfaPresent, ...newKeys(seconds) };
    known.set(session.accessKeyId, session);
    return session;
  }

  function newKeys(
    seconds: number,
  ): Pick<IssuedSession, "accessKeyId" | "secretAccessKey" | "sessionToken" | "expires"> {
    return {
      accessKeyId: `ASIA${letters(16)}`,
      secretAccessKey: randomBytes(30).toString("base64"),
      sessionToken: randomBytes(240).toString("base64"),
      expires: (Math.floor(now() / 1000) + Math.min(seconds, longestSession)) * 1000,
    };
  }

  function issue(role: FoundRole, sessionName: string, seconds: number, more: SessionExtras = {}): IssuedSession {
    const session: IssuedSession = {
      ...more,
      accountId: role.accountId,
      arn: `arn:aws:sts::${role.accountId}:assumed-role/${role.name}/${sessionName}`,
      roleArn: role.arn,
      userId: `${stableId("AROA", role.arn)}:${sessionName}`,
      policy: role.policy,
      boundary: role.boundary,
      ...newKeys(seconds),
    };
    known.set(session.accessKeyId, session);
    return session;
  }
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const letters = (count: number): string => [...randomBytes(count)].map((byte) => ALPHABET[byte % 32]).join("");

/** An id like IAM's that is always the same for the same ARN. */
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
