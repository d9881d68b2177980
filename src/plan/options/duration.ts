// Caps session durations that STS would refuse: more than an hour for a role assumed from a role (rule 32).
import type { Section } from "../../config/types.ts";
import { kindOf, type Source } from "../../sources/kinds.ts";
import { CHAINED_LIMIT, wantsMfaSession } from "../hop.ts";
import type { RoleOptions } from "./role-options.ts";
import type { Hop } from "../sts-calls.ts";

/** The hops with durations that STS grants, as far as known in advance. Each change adds a warning. */
export function capDurations(
  { source, hops }: { readonly source: Source; readonly hops: readonly Hop[] },
  selected: Section | undefined,
  options: RoleOptions,
  warnings: string[],
): Hop[] {
  const { mayBeLongTerm } = kindOf(source);
  const isCapped = (index: number): boolean => index > 0 || !mayBeLongTerm || wantsMfaSession(selected, options);
  return hops.map((hop, index) => {
    if (!isCapped(index) || hop.durationSeconds === undefined || hop.durationSeconds <= CHAINED_LIMIT) return hop;
    const isOption = options.duration !== undefined && index === hops.length - 1;
    const whose = isOption ? "the command line" : `profile "${hop.profile}"`;
    warnings.push(
      `${whose} asks for ${hop.durationSeconds} s, but a role assumed from a session lives at most ${CHAINED_LIMIT} s: asking for that`,
    );
    return { ...hop, durationSeconds: CHAINED_LIMIT };
  });
}
