// Decides the region of a plan (rules 34 and 35).
import { variable, type Environment } from "../../context/types.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Section } from "../../config/types.ts";
import { kindOf, type Source } from "../../sources/kinds.ts";
import type { Plan } from "../types.ts";
import { partitionOfArn } from "./partitions.ts";
import { checkedRegion } from "./region-name.ts";

export type Region = Pick<Plan, "region" | "regionAsGiven" | "regionOrigin">;

/**
 * The region from `--region`, the environment, or the selected profile; otherwise the fallback of rule 35.
 * @param roleArn the last role of the chain; its partition has a default region
 * @throws XroleError `setting-invalid` for a region that is not a host-name label
 */
export function decideRegion(
  given: string | undefined,
  env: Environment,
  selected: Section | undefined,
  source: Source,
  roleArn: string | undefined,
): Region {
  if (given !== undefined) return { ...checkedRegion(given, "command line", "--region"), regionOrigin: "option" };
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    const value = variable(env, name);
    if (value !== undefined) return { ...checkedRegion(value, "environment", name), regionOrigin: "environment" };
  }
  const own = selected && setting(selected, "region");
  if (own) return { ...checkedRegion(own.value, location(own), "region"), regionOrigin: "profile" };
  if (kindOf(source).tellsRegion) return { regionOrigin: "instance" };
  return { region: partitionOfArn(roleArn ?? "").defaultRegion, regionOrigin: "partition" };
}

/** Where the region is configured: an option, a variable, or `file:line`; undefined if it is not. */
export function regionPlace(
  { regionOrigin }: Region,
  env: Environment,
  selected: Section | undefined,
): string | undefined {
  switch (regionOrigin) {
    case "option":
      return "--region";
    case "environment":
      return variable(env, "AWS_REGION") === undefined ? "AWS_DEFAULT_REGION" : "AWS_REGION";
    case "profile": {
      const own = selected && setting(selected, "region");
      return own && location(own);
    }
    case "partition":
    case "instance":
      return undefined;
    default:
      return regionOrigin satisfies never;
  }
}
