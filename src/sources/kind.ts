// The types that every source kind implements. A kind is a folder: plan.ts exports its SourceKind and its SourceFacts, and fetch.ts
// opens it.
import type { LocalUser } from "../plan/hop.ts";
import type { CaBundle, WebIdentityCall } from "../plan/sts-calls.ts";
import type { Credentials } from "../plan/aws/credentials.ts";
import type { Config, Section, Setting } from "../config/types.ts";
import type { Context, Environment } from "../context/types.ts";

/** The fields that all arms of Source share. */
export interface SourceBase {
  readonly kind: string;
  /** The origin of the source: the location of a setting (`file:line`), or the name of a variable. */
  readonly from: string;
  /** For keys that may be long-term: true if they have a session token, and so may already belong to a role session (rule 32). */
  readonly temporary?: boolean;
  /** It assumes no role itself; a kind that does is a RoleSource. */
  readonly roleArn?: undefined;
}

/** An arm that itself assumes a role with a token; its credentials are those of that role. */
export interface RoleSource extends WebIdentityCall {
  readonly kind: string;
  readonly from: string;
  readonly temporary?: undefined;
}

/** The input from which a source is planned. */
export interface Planning {
  readonly config: Config;
  /** The environment of the host (host-environment.ts). */
  readonly env: Environment;
  readonly caller: LocalUser;
}

/** How the settings of a profile itself become the source (rules 21 and 24). */
export interface OwnSettings<Arm> {
  /** Its name in warnings, as in "its SSO (config:3) comes before its credential_process (config:9)". */
  readonly name: string;
  /**
   * The settings that select this source: a profile with any of them has it. Errors and warnings name the first one that is set.
   */
  readonly marks: readonly string[];
  /**
   * Whether it takes precedence over the profile's `role_arn`: always, because the role belongs to it; or only in a profile that
   * another one names as `source_profile` (rule 24).
   */
  readonly beforeRole?: "always" | "as source_profile" | undefined;
  /**
   * Its position in a selected profile, if it differs from the order of the table; "alone": only used if the profile has nothing
   * else.
   */
  order?(config: Config, profile: Section): "first" | "last" | "alone" | undefined;
  /** @param mark the setting that selects it. @throws XroleError for settings that are incomplete or wrong */
  plan(planning: Planning, profile: Section, mark: Setting): Arm;
}

/** How the environment, or the machine, becomes the source in the default chain (rule 20). */
export interface InDefaultChain<Arm> {
  /** The variables that select it: any one of them is enough. */
  readonly variables: readonly string[];
  /** Variables that have no effect without one of `variables`. */
  readonly halves: readonly string[];
  /** What a warning says if it is used although other sources exist too; by default, that its variable "wins". */
  readonly wins?: string;
  /** Undefined if it is absent. @throws XroleError if it is present but wrong */
  plan(planning: Planning, profile: Section | undefined): Arm | undefined;
}

/** How a `credential_source` becomes the source (rules 26 and 27). */
export interface NamedSource<Arm> {
  /** The value of the setting. */
  readonly name: string;
  /** @param from the setting's location. @param selected the profile whose settings say how to send the requests */
  plan(env: Environment, from: string, selected: Section): Arm;
}

/** The part of a kind that planning and the credential cache use. */
export interface SourceKind<Arm> {
  /** The three ways to select it; every kind has at least one. */
  readonly inProfile?: OwnSettings<Arm>;
  readonly inDefaultChain?: InDefaultChain<Arm>;
  readonly credentialSource?: NamedSource<Arm>;
  /** Whether its keys may be a user's long-term keys: a role assumed with those may last longer than an hour (rule 32). */
  readonly mayBeLongTerm: boolean;
  /** Whether its credentials are sessions that are worth caching themselves. */
  readonly isCached: boolean;
  /** It reports the region if nothing else sets it (rule 35); its OpenSource has `region`. */
  readonly tellsRegion?: true;
  /**
   * Identifies this source among others of its kind without a network call, for the cache key: equal values mean equal identities,
   * and a secret may only appear as a digest. Undefined if it cannot be identified; nothing is cached then.
   */
  identity(context: Context, source: Arm): readonly unknown[] | undefined;
}

/** Variables of the environment that have no effect, and why. */
export interface UnusedVariables {
  readonly names: readonly string[];
  readonly because: string;
}

/** What to do about credentials that AWS rejects: a line for the source's profile, or advice. */
export type Remedy = { readonly line: string } | { readonly see: string };

/**
 * The other facts about a kind, which a call with cached credentials does not need: for explain, list, graph, doctor and configure.
 */
export interface SourceFacts<Arm> {
  /** The settings that only this kind reads, in the order in which they are listed. */
  readonly settings: readonly string[];
  /** The ones among them that contain keys: `configure` never writes these. */
  readonly keySettings?: readonly string[];
  /** Which profile's settings count: the one that is the source, or the selected one. */
  readonly settingsOf: "source" | "selected";
  /** The settings that make a profile this source. They are shown as unused if another source takes precedence. */
  readonly makes: readonly string[];
  /** Whether its credentials are a role session: a role assumed with them, and a console session, lasts an hour at most. */
  readonly isRoleSession: boolean;
  /** Whether asking again may return other credentials. */
  readonly isRenewable: boolean;
  /** A short description, as in "..., may not assume ...". */
  describe(source: Arm): string;
  /** A description that no other source shares: a graph has one node for each. */
  label(source: Arm): string;
  /**
   * The JSON for `explain` and `list`, with `from` last. It contains no secrets except the passwords of URLs, which are masked when
   * it is printed.
   */
  json(source: Arm): Record<string, unknown>;
  /** The account, if the configuration names it with certainty. */
  accountId(source: Arm): string | undefined;
  /** The URL at which the host serves the credentials; undefined for kinds that do not belong to a host. */
  address(source: Arm): string | undefined;
  /**
   * The variables of this kind that the plan does not use.
   * @param source undefined if the plan's source is of another kind
   * @param other why variables of another kind are not used, in words
   */
  unusedVariables(env: Environment, source: Arm | undefined, other: string): readonly UnusedVariables[];
  /** What doctor recommends if AWS says that the credentials have expired or are invalid. */
  remedy(source: Arm): Remedy;
}

/** What opening a source needs, besides the Context. */
export interface SourceTools {
  readonly config: Config;
  /** The region of the plan; undefined if only the instance can report it. */
  readonly region: string | undefined;
  readonly caBundle: CaBundle | undefined;
  readonly warn: (warning: string) => void;
  readonly acquireLock: AcquireLock;
  /** Sends sts:AssumeRoleWithWebIdentity. */
  readonly assumeRoleWithWebIdentity: (call: WebIdentityCall, token: string) => Promise<Credentials>;
}

/** An opened source, which can be asked for credentials. Its functions throw XroleError. */
export interface OpenSource {
  readonly credentials: () => Credentials | Promise<Credentials>;
  /** The region that it is in; undefined if it does not report one. */
  readonly region?: () => Promise<string | undefined>;
  /** The token with which a role is assumed. */
  readonly token?: () => string;
}

/** The exports of a kind's fetch.ts. */
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
