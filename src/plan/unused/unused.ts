// Finds settings and variables that have no effect on a plan: overridden by others, or not applicable. Pure.
import { type Unused, type Situation } from "./types.ts";
import { variable, type Environment } from "../../context/types.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import { VARIABLES_OF_SETTINGS } from "../../config/setting-variables.ts";
import type { Config, Section } from "../../config/types.ts";
import { shownValue } from "../../errors/passwords.ts";
import type { SourceFacts } from "../../sources/kind.ts";
import { FACTS, type Kind, type Source } from "../../sources/kinds.ts";
import { configuredEndpoint, ignoresConfiguredEndpoints } from "../aws/endpoint.ts";
import type { Plan } from "../types.ts";
import { unusedInProfiles } from "./unused-in-profiles.ts";

/** A value and where it is set. */
interface Said {
  readonly setting: string;
  readonly value: string;
  readonly from: string;
  /** `from` is `file:line`. */
  readonly isInFile?: true;
}

/** The variables, options and settings that the plan does not use. */
export function unusedSettings(situation: Situation, plan: Plan): readonly Unused[] {
  const { config } = situation;
  const selected = config.profiles.get(plan.profile);
  return [
    ...unusedNames(situation, plan),
    ...unusedVariables(situation, plan),
    ...losers(regions(situation, selected)),
    ...unusedEndpoints(situation, selected, plan),
    ...unusedChildSettings(situation.env, selected),
    ...unusedInProfiles(situation, plan),
  ].map((one) => (one.value === undefined ? one : { ...one, value: shownValue(one.setting, one.value) }));
}

/** Variables that name another profile (rule 18). */
function unusedNames({ env, profile }: Situation, plan: Plan): Unused[] {
  const names = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].flatMap((name) => said(env, name));
  const isNamed = profile !== undefined && profile !== "";
  const winner = isNamed ? "the command line names the profile" : `${names[0]?.setting ?? ""} names the profile`;
  return names
    .slice(isNamed ? 0 : 1)
    .filter(({ value }) => value !== plan.profile)
    .map((one) => ({ ...one, because: winner, isOverridden: true }));
}

/** Credentials in the environment that are not this plan's source (rules 20, 29 and 45). */
function unusedVariables({ env, profile }: Situation, { source, hops }: Plan): Unused[] {
  const ignored = (names: readonly string[], because: string): Unused[] =>
    names
      .flatMap((name) => said(env, name))
      .map(({ value, ...one }) => ({
        ...one,
        ...(/SECRET|TOKEN$/.test(one.setting) ? {} : { value }),
        because,
        isOverridden: false,
      }));
  const isNamed = profile !== undefined && profile !== "";
  const other = isNamed ? "the profile names its own source" : "the default chain found credentials before it";
  const session = variable(env, "AWS_ROLE_SESSION_NAME");
  const isSessionUsed =
    (source.roleArn !== undefined && source.sessionName === session) ||
    hops.some(({ sessionName }) => sessionName === session);
  const facts = Object.entries(FACTS) as [Kind, SourceFacts<Source>][];
  return [
    ...facts.flatMap(([kind, about]) =>
      about
        .unusedVariables(env, kind === source.kind ? source : undefined, other)
        .flatMap((one) => ignored(one.names, one.because)),
    ),
    ...(isSessionUsed
      ? []
      : ignored(["AWS_ROLE_SESSION_NAME"], hops.length > 0 ? "the profile names the session" : "no role is assumed")),
  ];
}

/** All values that could be the region, the strongest first (rule 34). */
function regions({ env, options }: Situation, selected: Section | undefined): Said[] {
  const option =
    options.region === undefined ? [] : [{ setting: "--region", value: options.region, from: "command line" }];
  return [
    ...option,
    ...["AWS_REGION", "AWS_DEFAULT_REGION"].flatMap((name) => said(env, name)),
    ...own(selected, "region"),
  ];
}

/** Settings for child processes that a variable overrides. Endpoints: see below. */
const unusedChildSettings = (env: Environment, selected: Section | undefined): Unused[] =>
  VARIABLES_OF_SETTINGS.filter(({ key }) => key !== "endpoint_url").flatMap(({ key, names }) => {
    const variables = names.flatMap((name) => said(env, name));
    return losers([...variables.slice(0, 1), ...own(selected, key)]);
  });

/** All values that could be the endpoint of STS (rule 36). AWS_ENDPOINT_URL also applies to other services, so it is never reported as unused. */
function unusedEndpoints({ env, config }: Situation, selected: Section | undefined, { endpoint }: Plan): Unused[] {
  const all = [
    ...["AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL"].flatMap((name) => said(env, name)),
    ...servicesEndpoint(config, selected),
    ...own(selected, "endpoint_url"),
  ];
  if (!ignoresConfiguredEndpoints(env, selected))
    return endpoint === undefined ? [] : losers(all).filter((one) => one.setting !== "AWS_ENDPOINT_URL");
  const because = "ignore_configured_endpoint_urls, or its variable, switches it off";
  return all.map((one) => ({ ...one, because, isOverridden: true }));
}

function servicesEndpoint(config: Config, selected: Section | undefined): Said[] {
  // Only the services section: neither the environment nor the profile's own endpoint_url.
  const named = selected && setting(selected, "services");
  const only = named && { ...selected, settings: new Map([["services", named]]) };
  const found = only && configuredEndpoint({}, config, only);
  return found ? [{ setting: "endpoint_url", value: found.url, from: found.where, isInFile: true }] : [];
}

/** All values but the first, if they differ from it. */
function losers([first, ...others]: readonly Said[]): Unused[] {
  if (!first) return [];
  const at = first.isInFile ? ` (${first.from})` : "";
  const because = `${first.setting} = ${shownValue(first.setting, first.value)}${at} wins`;
  return others.filter(({ value }) => value !== first.value).map((one) => ({ ...one, because, isOverridden: true }));
}

function said(env: Environment, name: string): Said[] {
  const value = variable(env, name);
  return value === undefined ? [] : [{ setting: name, value, from: "environment" }];
}

function own(section: Section | undefined, key: string): Said[] {
  const found = section && setting(section, key);
  return found ? [{ setting: key, value: found.value, from: location(found), isInFile: true }] : [];
}
