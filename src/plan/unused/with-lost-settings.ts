// Adds to an error the lines that were meant as settings. A separate part of the bundle: only calls that fail need it.
import { lostSettings, type LostSetting } from "./lost-settings.ts";
import { setting } from "../../config/profile.ts";
import type { Config, Section } from "../../config/types.ts";
import { XroleError } from "../../errors/error.ts";
import { withLost } from "../../errors/lost.ts";
import { STATUS } from "../../errors/status.ts";
import { LONGEST_CHAIN } from "../options/limits.ts";

const OF_A_PROFILE: readonly number[] = [STATUS.config, STATUS.refused, STATUS.usage];

/**
 * The error, with the lines that were meant as settings in the profile of this name and in the profiles of its chain. Only errors that
 * such a line can explain get them: those of the configuration, and refusals by AWS, but not an unreachable network.
 */
export function withLostSettings(error: unknown, config: Config, name: string): unknown {
  if (!(error instanceof XroleError) || !OF_A_PROFILE.includes(error.status) || error.isNaming) return error;
  const lost: LostSetting[] = [];
  const seen = new Set<Section>();
  for (let section = config.profiles.get(name); section && !seen.has(section) && seen.size <= LONGEST_CHAIN;) {
    seen.add(section);
    lost.push(...lostSettings(section));
    const session = config.ssoSessions.get(setting(section, "sso_session")?.value ?? "");
    if (session) lost.push(...lostSettings(session));
    // If indented lines continue the value, the name is its first line.
    section = config.profiles.get(setting(section, "source_profile")?.value.split("\n")[0] ?? "");
  }
  return lost.length === 0 ? error : withLost(error, lost);
}
