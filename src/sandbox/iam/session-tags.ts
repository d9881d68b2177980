// Reads the tags and the source identity of a new session: the requested ones, and those that stay through a chain.
import type { Identity } from "../world/identity.ts";
import { invalid, members, violates } from "../services/query-form.ts";
import type { Outgoing } from "../http-message.ts";
import { queryError } from "../services/xml.ts";

/** The most tags of one request. Source of this and of the patterns: the AssumeRole page of the STS API reference. */
const TAGS = 50;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;
const SOURCE_IDENTITY = /^[\w+=,.@-]{2,64}$/;

export interface PassedOn {
  /** The requested tags, by key. */
  readonly requested: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** The keys, in lower case. */
  readonly transitiveTags: readonly string[];
  readonly sourceIdentity?: string;
}

/** What the new session inherits, or AWS's refusal. */
export function passedOn(caller: Identity, form: URLSearchParams): PassedOn | Outgoing {
  const keys = members(form, "Tags", ".Key", TAGS);
  const values = keys.map((_, index) => form.get(`Tags.member.${String(index + 1)}.Value`) ?? "");
  const transitive = members(form, "TransitiveTagKeys", "", TAGS).map((key) => key.toLowerCase());
  const inherited = Object.entries(caller.tags ?? {}).filter(([key]) =>
    caller.transitiveTags?.includes(key.toLowerCase()),
  );
  const refusal =
    tagsRefusal(keys, values, transitive) ??
    (inherited.some(([key]) => keys.some((other) => other.toLowerCase() === key.toLowerCase()))
      ? invalid(
          "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
        )
      : undefined);
  if (refusal) return refusal;

  const sourceIdentity = form.get("SourceIdentity") ?? undefined;
  if (sourceIdentity !== undefined && !SOURCE_IDENTITY.test(sourceIdentity))
    return violates("sourceIdentity", sourceIdentity, "satisfy regular expression pattern: [\\w+=,.@-]*");
  if (caller.sourceIdentity !== undefined && sourceIdentity !== undefined && sourceIdentity !== caller.sourceIdentity)
    return queryError(403, "AccessDenied", "The source identity of a session cannot be changed.");
  const kept = sourceIdentity ?? caller.sourceIdentity;
  const requested = Object.fromEntries(keys.map((key, index) => [key, values[index] ?? ""]));
  return {
    requested,
    tags: { ...Object.fromEntries(inherited), ...requested },
    transitiveTags: [...inherited.map(([key]) => key.toLowerCase()), ...transitive],
    ...(kept !== undefined && { sourceIdentity: kept }),
  };
}

function tagsRefusal(
  keys: readonly string[],
  values: readonly string[],
  transitive: readonly string[],
): Outgoing | undefined {
  if (keys.length > TAGS) return violates("tags", "[...]", `have length less than or equal to ${String(TAGS)}`);
  const key = keys.find((one) => !KEY.test(one));
  if (key !== undefined) return violates("tags.1.member.key", key, `satisfy regular expression pattern: ${KEY.source}`);
  const value = values.find((one) => !VALUE.test(one));
  if (value !== undefined)
    return violates("tags.1.member.value", value, `satisfy regular expression pattern: ${VALUE.source}`);
  const lower = keys.map((one) => one.toLowerCase());
  if (lower.some((one) => one.startsWith("aws:")))
    return invalid("Tag keys that begin with aws: are for AWS's own use.");
  if (new Set(lower).size < lower.length)
    return invalid("Duplicate tag keys found. Please note that Tag keys are case insensitive.");
  return transitive.every((one) => lower.includes(one))
    ? undefined
    : invalid("The specified transitive tag key must be included in the requested tags.");
}
