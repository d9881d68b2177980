// The table of the source kinds, each a folder. A new kind gets a line in each of the three tables; the types report a missing
// line, and test/unit/sources/kinds.test.ts everything else.
import { containerFacts, containerKind } from "./container/plan.ts";
import { environmentFacts, environmentKind } from "./environment/plan.ts";
import { instanceFacts, instanceKind } from "./instance/plan.ts";
import type { SourceFacts, SourceKind, SourceModule } from "./kind.ts";
import { loginFacts, loginKind } from "./login/plan.ts";
import { processFacts, processKind } from "./process/plan.ts";
import { ssoFacts, ssoKind } from "./sso/plan.ts";
import { staticFacts, staticKind } from "./static/plan.ts";
import { webIdentityFacts, webIdentityKind } from "./web-identity/plan.ts";

/** In the order in which a profile's own settings count (rules 21 and 24), unless a kind defines its own order. */
export const KINDS = {
  environment: environmentKind,
  static: staticKind,
  "web-identity": webIdentityKind,
  sso: ssoKind,
  login: loginKind,
  process: processKind,
  container: containerKind,
  instance: instanceKind,
};

/** Kept out of the main part of the bundle: a call with cached credentials does not need them. */
export const FACTS: { readonly [Name in Kind]: SourceFacts<Arm<Name>> } = {
  environment: environmentFacts,
  static: staticFacts,
  "web-identity": webIdentityFacts,
  sso: ssoFacts,
  login: loginFacts,
  process: processFacts,
  container: containerFacts,
  instance: instanceFacts,
};

/** Loaded when a source is asked for credentials. */
export const MODULES: { readonly [Name in Kind]: () => Promise<SourceModule<Arm<Name>>> } = {
  environment: () => import("./environment/fetch.ts"),
  static: () => import("./static/fetch.ts"),
  "web-identity": () => import("./web-identity/fetch.ts"),
  sso: () => import("./sso/fetch.ts"),
  login: () => import("./login/fetch.ts"),
  process: () => import("./process/fetch.ts"),
  container: () => import("./container/fetch.ts"),
  instance: () => import("./instance/fetch.ts"),
};

export type Kind = keyof typeof KINDS;

/** The sources of a kind. */
export type Arm<Name extends Kind> = (typeof KINDS)[Name] extends SourceKind<infer One> ? One : never;

/** Where the first credentials of a plan come from. */
export type Source = { [Name in Kind]: Arm<Name> }[Kind];

export const kindOf = ({ kind }: Source): SourceKind<Source> => KINDS[kind];
export const factsAbout = ({ kind }: Source): SourceFacts<Source> => FACTS[kind];
export const allKinds: readonly SourceKind<Source>[] = Object.values(KINDS);
