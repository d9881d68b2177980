// Reads the settings that more than one source kind uses.
import { checked } from "../plan/options/limits.ts";
import { own } from "../plan/options/given.ts";
import { setting } from "../config/profile.ts";
import { location } from "../config/location.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors/error.ts";

/** The account of the profile's own credentials, `aws_account_id`. @throws XroleError `setting-invalid` */
export function ownAccount(profile: Section): { accountId?: string } {
  const account = own(profile, "aws_account_id");
  return account ? { accountId: checked(account, "accountId") } : {};
}

/** The value of a required setting. @param because what requires it. @throws XroleError `setting-missing` */
export function required(profile: Section, key: string, because: string): string {
  const found = setting(profile, key);
  if (found) return found.value;
  throw new XroleError("setting-missing", { where: location(profile), profile: profile.name, setting: key, because });
}
