// Reads and checks the options of `setup`. Every value is checked, because the result is run with an administrator's permissions.
import { type SetupOptions, type SetupRequest } from "./types.ts";
import { checked } from "../plan/options/limits.ts";
import { option, own, type Given } from "../plan/options/given.ts";
import { isRegion } from "../plan/aws/region-name.ts";
import { closeNames } from "../config/close-names.ts";
import type { Section } from "../config/types.ts";
import { XroleError } from "../errors/error.ts";
import { readPermissions } from "./read-permissions.ts";
import { roleOf } from "./role.ts";

const CREDENTIAL_SOURCES = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];

/**
 * @param existing the profile in the config, if any: its settings are the defaults
 * @throws XroleError `usage`, `setting-invalid`, `policy-unreadable`, `credential-source-invalid`, `source-ambiguous`
 */
export function setupRequest(profile: string, options: SetupOptions, existing: Section | undefined): SetupRequest {
  const found = (key: string): Given | undefined => existing && own(existing, key);
  const fail = (given: Given, expected: string): never => {
    throw new XroleError("setting-invalid", { ...given, expected });
  };
  // The name appears in comments and in commands to copy, so characters that would change their meaning are refused.
  const name = { value: profile, where: "command line", name: "profile" };
  if (!isName(profile) || profile.includes("]")) fail(name, "a name on one line, without ]");

  const from = option("--from-role", options.fromRole);
  const to = option("--role-arn", options.roleArn) ?? found("role_arn");
  if (!from) throw missing("--from-role", "the role in the account that the host is in");
  if (!to) throw missing("--role-arn", "the role to be made in the other account");
  const [trusted, trusting] = [roleOf(from), roleOf(to)];
  if (trusted.partition !== trusting.partition)
    fail(from, `of partition ${trusting.partition}, as the other role is: no role is assumed across partitions`);
  if (trusted.arn === trusting.arn) fail(from, "another role than the one that it assumes");

  const externalId = option("--external-id", options.externalId) ?? found("external_id");
  const orgId = option("--org-id", options.orgId);
  const region = option("--region", options.region) ?? found("region");
  if (orgId && !/^o-[a-z0-9]{10,32}$/.test(orgId.value)) fail(orgId, "the id of an organization, such as o-a1b2c3d4e5");
  if (region && !isRegion(region.value)) fail(region, "the name of a region, such as eu-west-1");
  const isTagged = ["session_tags", "transitive_session_tags"].some((key) => found(key) !== undefined);
  return {
    profile,
    from: trusted,
    to: trusting,
    ...readPermissions(options, trusting),
    ...(externalId && { externalId: checked(externalId, "externalId") }),
    ...(orgId && { orgId: orgId.value }),
    allowTags: options.allowTags === true || isTagged,
    allowSourceIdentity: options.allowSourceIdentity === true || found("source_identity") !== undefined,
    source: sourceOf(profile, options, existing),
    ...(region && { region: region.value }),
  };
}

/** YAML also ends lines, and so comments, at characters that other formats read as ordinary ones. */
const isName = (text: string): boolean => text !== "" && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text);

const missing = (flag: string, what: string): XroleError =>
  new XroleError("usage", { problem: `${flag} is missing: ${what}`, hint: "xrole setup --help" });

/** The source of the profile: from the options, else from the existing profile, else the instance. */
function sourceOf(
  profile: string,
  { credentialSource, sourceProfile }: SetupOptions,
  existing: Section | undefined,
): SetupRequest["source"] {
  const named = option("credential_source", credentialSource);
  const base = option("source_profile", sourceProfile);
  if (named && base) throw new XroleError("source-ambiguous", { where: named.where, profile });
  const given = named ?? base ?? (existing && (own(existing, "credential_source") ?? own(existing, "source_profile")));
  if (!given) return ["credential_source", "Ec2InstanceMetadata"];
  const { value, where } = given;
  if (given.name === "source_profile") {
    if (!isName(value)) throw new XroleError("setting-invalid", { ...given, expected: "a name on one line" });
    return [given.name, value];
  }
  if (CREDENTIAL_SOURCES.includes(value)) return ["credential_source", value];
  const suggestion = closeNames(value, CREDENTIAL_SOURCES)[0];
  throw new XroleError("credential-source-invalid", { where, value, ...(suggestion && { suggestion }) });
}
