// Plans the edit of a profile before it is written: an edit that cannot be planned is not written.
import { editProfile, type Edit } from "../../config/edit/edit.ts";
import { mergeFiles } from "../../config/merge.ts";
import { parseConfig } from "../../config/parse/parse.ts";
import { setting } from "../../config/profile.ts";
import { location } from "../../config/location.ts";
import type { Config } from "../../config/types.ts";
import { variable, type Environment } from "../../context/types.ts";
import { XroleError } from "../../errors/error.ts";
import type { LocalUser } from "../hop.ts";
import { LONGEST_CHAIN } from "../options/limits.ts";
import { planChain } from "../plan.ts";

export interface EditRequest extends Edit {
  /** The config file: its text ("" if it does not exist), and its name for errors. */
  readonly text: string;
  readonly file: string;
  /** The credentials file, which overrides it (rule 14). */
  readonly credentials: Config;
  readonly env: Environment;
  readonly caller: LocalUser;
}

export interface Edited {
  readonly text: string;
  /** Settings that were removed because another one replaces them. */
  readonly dropped: readonly string[];
  readonly isNew: boolean;
  readonly warnings: readonly string[];
}

/** Setting the first removes the second: together they are ambiguous (rule 22). */
const EXCLUSIVE = [
  ["source_profile", "credential_source"],
  ["credential_source", "source_profile"],
] as const;

/**
 * The new text of the config file, and what to tell the user about it.
 * @throws XroleError any error of planning the profile, and `setting-shadowed`
 */
export function editedConfig(request: EditRequest): Edited {
  const { text, file, credentials, profile } = request;
  const merged = (content: string): Config => mergeFiles(parseConfig(content, file, "config"), credentials);
  const before = merged(text);
  const settings = new Map(request.settings);
  const section = before.profiles.get(profile);
  const dropped = EXCLUSIVE.flatMap(([key, other]) => {
    const isReplaced = (settings.get(key) ?? "") !== "" && !settings.has(other);
    return isReplaced && section && setting(section, other) ? [other] : [];
  });
  for (const key of dropped) settings.set(key, "");
  const edited = editProfile(text, file, { profile, settings });
  const after = merged(edited);
  expectNothingShadows(after, { profile, settings });
  const { warnings } = plan(request, after, profile);
  return {
    text: edited,
    dropped,
    isNew: section === undefined,
    warnings: [...warnings, ...brokenProfiles(request, before, after)],
  };
}

/** Plans with an empty environment: what the current environment contains must not make an edit fail. */
function plan({ env, caller }: EditRequest, config: Config, profile: string): ReturnType<typeof planChain> {
  const name = "XROLE_ALLOW_HTTP";
  const allowHttp = variable(env, name);
  const bare = allowHttp === undefined ? {} : { [name]: allowHttp };
  return planChain({ config, env: bare, profile, options: {}, caller, allowSourceOnly: true });
}

/** The credentials file wins (rule 14): a value that it sets cannot be changed in the config file. */
function expectNothingShadows(after: Config, { profile, settings }: Edit): void {
  for (const [name, value] of settings) {
    const found = after.profiles.get(profile)?.settings.get(name);
    if (found && found.value !== value) throw new XroleError("setting-shadowed", { where: location(found), name });
  }
}

/** Warns of each profile whose chain starts from the edited one and can no longer be planned. */
function brokenProfiles(request: EditRequest, before: Config, after: Config): string[] {
  const failure = (config: Config, name: string): XroleError | undefined => {
    try {
      plan(request, config, name);
      return undefined;
    } catch (error) {
      if (error instanceof XroleError) return error;
      throw error;
    }
  };
  return startingFrom(after, request.profile).flatMap((name) => {
    const broken = failure(after, name);
    return broken && !failure(before, name) ? [`profile "${name}" cannot be followed any more: ${broken.message}`] : [];
  });
}

/** The profiles whose chain starts from this one, in the order of the file. Stops at the longest chain that xrole accepts. */
function startingFrom({ profiles }: Config, name: string): string[] {
  const takers = new Map<string, string[]>();
  for (const one of profiles.values()) {
    const source = setting(one, "source_profile")?.value;
    if (source === undefined || one.name === name) continue;
    const others = takers.get(source);
    if (others) others.push(one.name);
    else takers.set(source, [one.name]);
  }
  const found = new Set<string>();
  let next = [name];
  for (let length = 1; length <= LONGEST_CHAIN && next.length > 0; length++) {
    next = next.flatMap((one) => takers.get(one) ?? []).filter((one) => !found.has(one));
    for (const one of next) found.add(one);
  }
  return [...profiles.keys()].filter((one) => found.has(one));
}
