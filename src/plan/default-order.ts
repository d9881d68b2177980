// The order in which the default chain looks for credentials (rule 20).
import type { InDefaultChain, SourceKind } from "../sources/kind.ts";
import { KINDS, type Source } from "../sources/kinds.ts";

/** Each step is a kind of source, or the profile: first for its role, later for any other credentials (rule 20). */
export const ORDER = ["environment", "role", "web-identity", "profile", "container", "instance"] as const;
export type Winner = (typeof ORDER)[number];

export const inDefaultChain = (winner: Winner): InDefaultChain<Source> | undefined =>
  winner === "role" || winner === "profile" ? undefined : (KINDS[winner] as SourceKind<Source>).inDefaultChain;
