// Finds the credentials that a profile itself has, by asking each kind of source (rules 21 and 24).
import { setting } from "../config/profile.ts";
import type { Section, Setting } from "../config/types.ts";
import type { OwnSettings, Planning } from "../sources/kind.ts";
import { allKinds, type Source } from "../sources/kinds.ts";

const OWN = allKinds.flatMap(({ inProfile }) => inProfile ?? []);
const HOLDS_CREDENTIALS = ["role_arn", "credential_source", ...OWN.flatMap(({ marks }) => marks)];

/** Whether a profile has any setting about credentials. In the default chain, `default` counts only if it does (rule 20). */
export const holdsCredentials = (profile: Section): boolean =>
  HOLDS_CREDENTIALS.some((key) => setting(profile, key) !== undefined);

/** Whether the profile's `role_arn` belongs to its own source, such as a web identity (rule 21). No other source assumes it. */
export const ownsRole = (profile: Section): boolean =>
  OWN.some(({ beforeRole, marks }) => beforeRole === "always" && marks.some((key) => setting(profile, key)));

/** Whether a setting makes a profile provide credentials. */
export const isOfCredentials = (key: string): boolean => HOLDS_CREDENTIALS.includes(key);

/** One of the sources that a profile itself has, and the setting that declares it. */
export interface Way extends Pick<OwnSettings<Source>, "name"> {
  readonly at: Setting;
  readonly beforeRole: OwnSettings<Source>["beforeRole"];
  readonly order: ReturnType<NonNullable<OwnSettings<Source>["order"]>>;
  /** @throws XroleError `keys-incomplete`, `setting-missing`, `setting-invalid`, `section-not-found`, `endpoint-insecure` */
  readonly source: () => Source;
}

/** The sources that a profile itself has, in the order of the table of kinds. */
export function waysOf(planning: Planning, profile: Section): Way[] {
  return OWN.flatMap((own) => {
    const [at] = own.marks.flatMap((key) => setting(profile, key) ?? []);
    if (!at) return [];
    const order = own.order?.(planning.config, profile);
    return [{ name: own.name, beforeRole: own.beforeRole, at, order, source: () => own.plan(planning, profile, at) }];
  });
}

/**
 * The sources of a selected profile without a role, in the order of botocore's ProfileProviderBuilder: SSO, keys of the credentials
 * file, login, process, keys of the config file (rule 21).
 */
export function inOrder(ways: readonly Way[]): Way[] {
  const those = (order: Way["order"]): Way[] => ways.filter((way) => way.order === order);
  const found = [...those("first"), ...those(undefined), ...those("last")];
  return found.length > 0 ? found : those("alone");
}
