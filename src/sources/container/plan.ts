// Plans the credentials of an ECS task or EKS pod: `credential_source = EcsContainer`, or the container variables in the default
// chain (rules 45 to 48).
import { resolve } from "node:path";
import { variable } from "../../context/types.ts";
import { machineId, peek, tokenIdentity } from "../cache-identity.ts";
import type { SourceBase, SourceFacts, SourceKind } from "../kind.ts";
import { CONTAINER_URIS, containerEndpoint } from "./endpoint.ts";

export interface ContainerSource extends SourceBase {
  readonly kind: "container";
  /** Absent if the container variables are not set: the profile is valid, but xrole does not run in a container. */
  readonly endpoint?: string;
}

const TOKENS = ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_CONTAINER_AUTHORIZATION_TOKEN"] as const;

export const containerKind: SourceKind<ContainerSource> = {
  inDefaultChain: {
    variables: CONTAINER_URIS,
    halves: TOKENS,
    plan({ env }) {
      const found = containerEndpoint(env);
      return found && { kind: "container", from: found.from, endpoint: found.url };
    },
  },
  credentialSource: {
    name: "EcsContainer",
    plan(env, from) {
      const found = containerEndpoint(env);
      return { kind: "container", from, ...(found && { endpoint: found.url }) };
    },
  },
  mayBeLongTerm: false,
  isCached: false,
  identity({ env, cwd }, { endpoint }) {
    // Every pod uses the same address; only the token shows which pod it is.
    const [file, token] = TOKENS.map((name) => variable(env, name));
    const sent = file === undefined ? token : peek(resolve(cwd, file));
    if (endpoint === undefined || (file !== undefined && sent === undefined)) return undefined;
    return [endpoint, sent === undefined ? "" : tokenIdentity(sent), machineId() ?? ""];
  },
};

export const containerFacts: SourceFacts<ContainerSource> = {
  settings: [],
  settingsOf: "source",
  makes: ["credential_source"],
  isRoleSession: true,
  isRenewable: true,
  describe: () => "the container's role",
  label: () => "the container's role",
  json: (source) => ({ ...source }),
  accountId: () => undefined,
  address: ({ endpoint = "" }) => endpoint,
  unusedVariables(env, source, other) {
    const [first, ...weaker] = CONTAINER_URIS;
    const isSet = (name: string): boolean => variable(env, name) !== undefined;
    if (source) return isSet(first) ? [{ names: weaker, because: `${first} wins` }] : [];
    const because = CONTAINER_URIS.some(isSet) ? other : "no container address is set beside it";
    return [
      { names: CONTAINER_URIS, because: other },
      { names: TOKENS, because },
    ];
  },
  remedy: () => ({
    see: "AWS renews them by itself: if this stays, look at the clock, and at what answers for AWS here",
  }),
};
