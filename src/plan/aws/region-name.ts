// Checks the names of regions, and resolves the pseudo-regions of FIPS (rule 35).
import { XroleError } from "../../errors/error.ts";

/**
 * The region without FIPS in its name: a pseudo-region, such as `us-gov-west-1-fips` or `fips-us-east-1`, means the region plus
 * `use_fips_endpoint`. Source: `_normalize_fips_region` in botocore's client.py.
 */
export function plainRegion(region: string): { readonly region: string; readonly isFips: boolean } {
  const plain = region.replaceAll("fips-", "").replaceAll("-fips", "");
  return { region: plain, isFips: plain !== region };
}

export const isRegion = (text: string): boolean =>
  text.length <= 63 && /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(text);

/**
 * The region that is meant, checked. It becomes part of a host name and of shell code, so it must be a host-name label.
 * @throws XroleError `setting-invalid`
 */
export function checkedRegion(
  region: string,
  where: string,
  name: string,
): { readonly region: string; readonly regionAsGiven?: string } {
  const plain = plainRegion(region);
  if (isRegion(region) && isRegion(plain.region))
    return { region: plain.region, ...(plain.isFips && { regionAsGiven: region }) };
  const expected = "the name of a region, such as eu-west-1";
  throw new XroleError("setting-invalid", { where, name, value: region, expected });
}
