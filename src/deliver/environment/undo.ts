// Decides which variables `env --unset` sets and removes. In the executable this is a part of its own.
import {
  givenRegions,
  isAtEndpoint,
  keptVariables,
  leftovers,
  ownRegions,
  ownSettings,
} from "../../plan/shell/host-environment.ts";
import type { Environment } from "../../context/types.ts";
import {
  aside,
  ENDPOINT,
  KEPT_ASIDE,
  KEYS,
  OWN,
  TO_ENDPOINT,
  wasLedToEndpoint,
  withValues,
  type Changes,
} from "./environment.ts";

/**
 * The changes for `env --unset`: the role's variables are removed, and the host's own are restored. Keys that xrole did not set
 * remain.
 */
export function undoChanges(env: Environment, holdsForeignKeys: boolean): Changes {
  const isEndpoint = wasLedToEndpoint(env);
  // The endpoint that a later `env` saved is xrole's own, not the host's.
  const isKeptEndpoint = isEndpoint && !isAtEndpoint(env);
  const restored = (isEndpoint ? KEPT_ASIDE : keptVariables(env)).filter(
    (name) => !isKeptEndpoint || !TO_ENDPOINT.includes(name),
  );
  const set = {
    ...withValues(Object.fromEntries(restored.map((name) => [name, env[aside(name)]]))),
    ...givenRegions(env),
  };
  return {
    set,
    unset: [
      ...(isEndpoint ? ENDPOINT.filter((name) => !(name in set)) : []),
      ...(holdsForeignKeys ? leftovers(env) : KEYS),
      ...ownRegions(env),
      ...ownSettings(env),
      ...OWN,
      ...KEPT_ASIDE.map(aside),
    ],
  };
}
