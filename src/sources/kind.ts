// What every source kind says of itself. A kind is a folder: plan.ts exports its SourceKind and its SourceFacts, fetch.ts opens it.
import type { Caller } from "../plan/hop.ts";
import type { CaBundle, Credentials, WebIdentityCall } from "../plan/sts-types.ts";
import type { Config, Section, Setting } from "../config/types.ts";
import type { Context, Environment } from "../context/types.ts";

/** What the arms of Source have in common. */
export interface SourceBase {
  readonly kind: string;
  /** What makes it the source: `file:line`, or the name of a variable. */
  readonly from: string;
  /** Of keys that may be long-term ones: these have a session token, and so may belong to a role already (rule 32). */
  readonly temporary?: boolean;
  /** It assumes no role itself; a kind that does is a RoleSource. */
  readonly roleArn?: undefined;
}

/** An arm whose credentials are those of a role that it assumes itself with a token: the role's ARN says so. */
export interface RoleSource extends WebIdentityCall {
  readonly kind: string;
  readonly from: string;
  readonly temporary?: undefined;
}

/** What a source is planned from. */
export interface Planning {
  readonly config: Config;
  /** The host's environment (host-environment.ts). */
  readonly env: Environment;
  readonly caller: Caller;
}

/** How the settings of a profile itself become the source (rules 21 and 24). */
export interface OwnSettings<Arm> {
  /** What a warning calls it, as in "its SSO (config:3) comes before its credential_process (config:9)". */
  readonly name: string;
  /** The settings any of which says that the profile has it; the first that is there is named in errors and warnings. */
  readonly marks: readonly string[];
  /**
   * Whether it comes before the profile's `role_arn`: in every profile, since the role belongs to it; or only in one that others
   * name as `source_profile` (rule 24).
   */
  readonly beforeRole?: "always" | "as source_profile" | undefined;
  /** Its place in a selected profile, where that is not the one of the table; "alone": it counts only where nothing else is. */
  order?(config: Config, profile: Section): "first" | "last" | "alone" | undefined;
  /** @param mark the setting that says so. @throws XroleError for settings that are incomplete or wrong */
  plan(planning: Planning, profile: Section, mark: Setting): Arm;
}

/** How the environment, or the machine, becomes the source in the default chain (rule 20). */
export interface InDefaultChain<Arm> {
  /** The variables any of which says that it is there. */
  readonly variables: readonly string[];
  /** Variables that have no effect without one of those. */
  readonly halves: readonly string[];
  /** What a warning says where it is used and others are there too; without it, its variable "wins". */
  readonly wins?: string;
  /** Undefined where it is not there. @throws XroleError where it is there and wrong */
  plan(planning: Planning, profile: Section | undefined): Arm | undefined;
}

/** How a `credential_source` becomes the source (rules 26 and 27). */
export interface NamedSource<Arm> {
  /** The value of the setting. */
  readonly name: string;
  /** @param from the setting's location. @param selected the profile whose settings say how it is asked */
  plan(env: Environment, from: string, selected: Section): Arm;
}

/** A kind as planning and the credential cache see it. */
export interface SourceKind<Arm> {
  /** The three ways to it; each kind has one at least. */
  readonly inProfile?: OwnSettings<Arm>;
  readonly inDefaultChain?: InDefaultChain<Arm>;
  readonly credentialSource?: NamedSource<Arm>;
  /** Its keys may be a user's long-term ones: a role assumed with those may last longer than an hour (rule 32). */
  readonly mayBeLongTerm: boolean;
  /** Its credentials are sessions worth caching by themselves. */
  readonly isCached: boolean;
  /** It tells the region where nothing else does (rule 35); its OpenSource has `region`. */
  readonly tellsRegion?: true;
  /**
   * What tells this source from others of its kind without a request, for the cache key: equal for equal identities, and without a
   * secret but as a digest. Undefined where it cannot be known: nothing is cached then.
   */
  identity(context: Context, source: Arm): readonly unknown[] | undefined;
}

/** Variables of the environment without effect, and why. */
export interface UnusedVariables {
  readonly names: readonly string[];
  readonly because: string;
}

/** What to do about credentials that AWS does not take: a line of the source's profile, or advice. */
export type Remedy = { readonly line: string } | { readonly see: string };

/** Everything else about a kind, which a call on cached credentials does not need: for explain, list, graph, doctor and configure. */
export interface SourceFacts<Arm> {
  /** The settings that only it reads, in the order in which they are listed. */
  readonly settings: readonly string[];
  /** Those of them that hold keys: `configure` never writes them. */
  readonly keySettings?: readonly string[];
  /** Whose settings count: those of the profile that is the source, or those of the selected one. */
  readonly settingsOf: "source" | "selected";
  /** The settings that make a profile this source: shown as unused where something else comes before it. */
  readonly makes: readonly string[];
  /** Its credentials are a role's session, so that a role assumed with them lasts an hour at most, in the console too. */
  readonly isRoleSession: boolean;
  /** Whether asking again may give other credentials. */
  readonly isRenewable: boolean;
  /** The source in a few words, as in "..., may not assume ...". */
  describe(source: Arm): string;
  /** Words that no other source has: a graph has one node for each. */
  label(source: Arm): string;
  /** The JSON of `explain` and `list`, `from` last; without secrets but the passwords of URLs, which are taken out where it is printed. */
  json(source: Arm): Record<string, unknown>;
  /** The account, where the configuration tells it for sure. */
  accountId(source: Arm): string | undefined;
  /** The URL at which the host gives the credentials; undefined for kinds that are not of the host. */
  address(source: Arm): string | undefined;
  /**
   * The variables of this kind that the plan does not use.
   * @param source undefined where the plan's source is of another kind
   * @param other why the variables of another kind are not used, in words
   */
  unusedVariables(env: Environment, source: Arm | undefined, other: string): readonly UnusedVariables[];
  /** What doctor advises where AWS says that the credentials have expired or are not valid. */
  remedy(source: Arm): Remedy;
}

/** What opening a source takes beside the context. */
export interface SourceTools {
  readonly config: Config;
  /** Of the plan; undefined where only the instance can tell. */
  readonly region: string | undefined;
  readonly caBundle: CaBundle | undefined;
  readonly warn: (warning: string) => void;
  readonly acquireLock: AcquireLock;
  /** sts:AssumeRoleWithWebIdentity. */
  readonly assumeRoleWithWebIdentity: (call: WebIdentityCall, token: string) => Promise<Credentials>;
}

/** A source that can be asked. Its functions throw XroleError. */
export interface OpenSource {
  readonly credentials: () => Credentials | Promise<Credentials>;
  /** The region that it is in; undefined where it does not tell. */
  readonly region?: () => Promise<string | undefined>;
  /** The token that a role is assumed with. */
  readonly token?: () => string;
}

/** What fetch.ts of a kind exports. */
export interface SourceModule<Arm> {
  /** @throws XroleError */
  open(context: Context, source: Arm, tools: SourceTools): OpenSource;
}

/** The lock of credentials/cache/lock.ts. */
export type AcquireLock = (
  folder: string,
  name: string,
  wait: number,
  platform: NodeJS.Platform,
) => Promise<{ readonly release: () => Promise<void> } | "released" | "unavailable">;
