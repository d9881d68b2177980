// Decides the one region of a plan (rules 34 and 35).
import { variable, type Environment } from "../context.ts";
import { place, setting } from "../config/profile.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors.ts";
import type { Plan, Source } from "./types.ts";
import { partitionOfArn } from "./partitions.ts";

export type Region = Pick<Plan, "region" | "regionAsGiven" | "regionOrigin">;

/**
 * A region as it is meant: a pseudo-region of FIPS, such as `us-gov-west-1-fips` or `fips-us-east-1`, means the region and
 * `use_fips_endpoint`. Source: `_normalize_fips_region` in botocore's client.py.
 */
export function plainRegion(region: string): { readonly region: string; readonly isFips: boolean } {
  const plain = region.replaceAll("fips-", "").replaceAll("-fips", "");
  return { region: plain, isFips: plain !== region };
}

/**
 * The region from `--region`, the environment, or the selected profile; else what rule 35 falls back to.
 * @param roleArn the last role of the chain, whose partition has a default region
 * @throws XroleError `setting-invalid` for a region that is no host-name label
 */
export function decideRegion(
  given: string | undefined,
  env: Environment,
  selected: Section | undefined,
  source: Source,
  roleArn: string | undefined,
): Region {
  if (given !== undefined) return { ...checked(given, "command line", "--region"), regionOrigin: "option" };
  for (const name of ["AWS_REGION", "AWS_DEFAULT_REGION"]) {
    const value = variable(env, name);
    if (value !== undefined) return { ...checked(value, "environment", name), regionOrigin: "environment" };
  }
  const own = selected && setting(selected, "region");
  if (own) return { ...checked(own.value, place(own), "region"), regionOrigin: "profile" };
  if (source.kind === "instance") return { regionOrigin: "instance" };
  return { region: partitionOfArn(roleArn ?? "").defaultRegion, regionOrigin: "partition" };
}

/** What says the region: an option, a variable, or `file:line`; undefined when nothing does. */
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
      return own && place(own);
    }
    case "partition":
    case "instance":
      return undefined;
    default:
      return regionOrigin satisfies never;
  }
}

/** A region becomes part of a host name and of what a shell evaluates: it must be a host-name label. */
function checked(region: string, where: string, name: string): Pick<Region, "region" | "regionAsGiven"> {
  const plain = plainRegion(region);
  if (isRegion(region) && isRegion(plain.region))
    return { region: plain.region, ...(plain.isFips && { regionAsGiven: region }) };
  const expected = "the name of a region, such as eu-west-1";
  throw new XroleError("setting-invalid", { where, name, value: region, expected });
}

export const isRegion = (text: string): boolean =>
  text.length <= 63 && /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(text);
