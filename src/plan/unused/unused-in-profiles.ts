// Finds settings without effect in the profiles of a plan's chain: a profile is used as one source or one role, and the settings that
// would make it another one have no effect. Pure.
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import { VARIABLES_OF_SETTINGS } from "../../config/setting-variables.ts";
import type { Config, Section, Setting } from "../../config/types.ts";
import type { SourceFacts } from "../../sources/kind.ts";
import { FACTS, factsAbout, type Source } from "../../sources/kinds.ts";
import { KEY_SETTINGS } from "../edited/known-settings.ts";
import { lostSettings } from "./lost-settings.ts";
import { ROLE_OPTION_FACTS } from "../options/role-option-facts.ts";
import {
  flagOf,
  ROLE_OPTIONS,
  type RoleOption,
  type RoleOptionName,
  type RoleOptions,
} from "../options/role-options.ts";
import type { Plan } from "../types.ts";
import type { Situation, Unused } from "./types.ts";

const KINDS_FACTS: readonly SourceFacts<Source>[] = Object.values(FACTS);
const ROLE_WAY = ["role_arn", "source_profile", "credential_source"];
/** The settings that give a profile credentials: those of a role, and those of each kind of source. */
const ALL_WAYS = [...new Set([...ROLE_WAY, ...KINDS_FACTS.flatMap(({ makes }) => makes)])];

/** What only a call of sts:AssumeRole takes, and the option that stands in for it. */
const ROLE_SETTINGS: Readonly<Record<string, RoleOptionName>> = Object.fromEntries(
  (Object.keys(ROLE_OPTION_FACTS) as RoleOptionName[]).flatMap((name) => {
    const { setting: key, sent }: RoleOption = ROLE_OPTIONS[name];
    return sent && key !== undefined ? [[key, name]] : [];
  }),
);

/** The settings that apply only in the selected profile (rules 34 to 37, 40 and 41). */
const SELECTED_ONLY = [
  ...["region", "services", ...VARIABLES_OF_SETTINGS.map(({ key }) => key)],
  ...KINDS_FACTS.flatMap(({ settingsOf, settings }) => (settingsOf === "selected" ? settings : [])),
];

/** The settings whose values are secret. The id of a key is not. */
const SECRETS = KEY_SETTINGS.filter((key) => key !== "aws_access_key_id");

/** A profile of the chain, and what it is used as: a role, or the plan's source. */
interface Used {
  readonly section: Section;
  readonly as: "role" | Source;
}

/** The settings that the plan does not use in the profiles of its chain, and in [default]. */
export function unusedInProfiles({ config, options }: Situation, plan: Plan): readonly Unused[] {
  const used = profilesOf(config, plan);
  const found = used.flatMap((one) => [
    ...otherWays(one),
    ...roleSettings(one, one.section.name === plan.profile ? options : {}),
    ...(one.section.name === plan.profile ? [] : selectedOnly(one.section, plan)),
    ...hidden(one.section),
    ...lost(one.section),
  ]);
  const selected = config.profiles.get(plan.profile);
  const passedBy = selected && used.length === 0 ? passed(selected, plan) : [];
  const fallback = config.profiles.get("default");
  const isOnTheWay = used.some(({ section }) => section === fallback);
  return [...found, ...passedBy, ...(fallback && !isOnTheWay ? selectedOnly(fallback, plan).filter(isRegion) : [])];
}

/** The settings of a profile that the default chain does not reach, because it finds credentials earlier (rule 20). */
function passed(section: Section, { source }: Plan): Unused[] {
  const [assumesRole, because] = [source.roleArn !== undefined, `${source.from} comes first`];
  const keys = [...new Set([...ALL_WAYS, ...Object.keys(ROLE_SETTINGS)])];
  return [
    ...keys
      .filter((key) => !(assumesRole && key === "role_session_name"))
      .flatMap((key) => unused(section, key, because)),
    ...lost(section),
  ];
}

/** Lines that were meant as settings but are not read as such. */
const lost = (section: Section): Unused[] =>
  lostSettings(section).map(({ written, meant, value, from, above }) => ({
    setting: written,
    ...(SECRETS.includes(meant) ? {} : { value }),
    from,
    because: above
      ? `it is indented, and so part of ${above.name} in line ${String(above.line)}`
      : `it is not a setting that is read: write ${meant}`,
    isOverridden: false,
    isLost: true,
  }));

/** The selected profile first, the source's last. */
function profilesOf(config: Config, { profile, hops, source, isProfileless }: Plan): Used[] {
  const used: Used[] = [];
  // The default chain found credentials outside of any profile.
  if (isProfileless) return used;
  let section = config.profiles.get(profile);
  // A role of --role-arn does not belong to a profile.
  const roles = section && setting(section, "role_arn") && source.roleArn === undefined ? hops.length : hops.length - 1;
  for (let count = roles; section && count > 0; count--) {
    used.push({ section, as: "role" });
    const next = setting(section, "source_profile");
    section = next && config.profiles.get(next.value);
  }
  const last = section;
  const isSource = last && !used.some((one) => one.section === last) && ALL_WAYS.some((key) => setting(last, key));
  return isSource ? [...used, { section: last, as: source }] : used;
}

/** The settings that would make the profile another source than it is used as (rules 21 and 24). */
function otherWays({ section, as }: Used): Unused[] {
  const belonging = as === "role" ? ROLE_WAY : factsAbout(as).makes;
  const [winner] = belonging.flatMap((key) => setting(section, key) ?? []);
  if (!winner) return [];
  const name = belonging.find((key) => setting(section, key) === winner) ?? "";
  const isOwnSource = as === "role" && setting(section, "source_profile")?.value === section.name;
  return ALL_WAYS.filter((key) => !belonging.includes(key) && !(isOwnSource && key === "aws_access_key_id")).flatMap(
    (key) => unused(section, key, `${name} (${location(winner)}) comes first`),
  );
}

/** Settings of a role if no role is assumed, or if an option of the command line overrides them. */
function roleSettings({ section, as }: Used, options: RoleOptions): Unused[] {
  return Object.entries(ROLE_SETTINGS).flatMap(([key, option]) => {
    if (as === "role") {
      const isGiven = options[option] !== undefined;
      return isGiven ? unused(section, key, `the command line says ${flagOf(option)}`, true) : [];
    }
    // otherWays reports role_arn. A source that assumes a role itself uses the session name.
    const isUsed = key === "role_arn" || (as.roleArn !== undefined && key === "role_session_name");
    return isUsed ? [] : unused(section, key, `profile "${section.name}" is used for its credentials, not for a role`);
  });
}

function selectedOnly(section: Section, { profile, region }: Plan): Unused[] {
  return SELECTED_ONLY.filter((key) => key !== "region" || setting(section, key)?.value !== region).flatMap((key) =>
    unused(section, key, `only profile "${profile}", which is selected, may say it`),
  );
}

const isRegion = (one: Unused): boolean => one.setting === "region";

/** Earlier duplicates, and values of the config file that the credentials file overrides (rules 9 and 14). */
function hidden(section: Section): Unused[] {
  return [...section.settings].flatMap(([key, winner]) => {
    const found: Unused[] = [];
    for (let below = winner.over; below; below = below.over) {
      if (below.value === "" || below.value === winner.value) continue;
      found.push(describe(key, below, `${location(winner)} says it again, and wins`, true));
    }
    return found;
  });
}

function unused(section: Section, key: string, because: string, isOverridden = false): Unused[] {
  const found = setting(section, key);
  return found ? [describe(key, found, because, isOverridden)] : [];
}

function describe(key: string, found: Setting, because: string, isOverridden: boolean): Unused {
  const value = SECRETS.includes(key) ? {} : { value: found.value };
  return { setting: key, ...value, from: location(found), because, isOverridden };
}
