// Makes the report's steps about everything but the stages of the plan: files, profile, settings, clock, time left, cache.
import { formatTime } from "../plan/aws/timestamps.ts";
import type { Plan } from "../plan/types.ts";
import type { Unused } from "../plan/unused/types.ts";
import { location } from "../config/location.ts";
import type { Section } from "../config/types.ts";
import type { State, ReportStep } from "./types.ts";

interface File {
  readonly kind: "config" | "credentials" | "settings";
  readonly path: string;
  readonly namedBy?: string;
  readonly mode?: number;
  readonly owner?: number;
}

/** Milliseconds. AWS accepts signatures up to five minutes off, but other things fail earlier. */
const SKEW = 60_000;
/** Milliseconds: credentials that expire this soon are too short for a job. */
const SHORT_LIFE = 300_000;

/** The files, their modes, and whether other users could read or change them. @param uid undefined if files have no modes */
export function filesStep(files: readonly File[], uid: number | undefined): ReportStep {
  const shown = files.map(({ path, namedBy, mode }) => {
    const rights = mode === undefined ? "absent" : uid === undefined ? "there" : mode.toString(8).padStart(4, "0");
    return `${path} (${rights}${namedBy === undefined ? "" : `, named by ${namedBy}`})`;
  });
  const notes = uid === undefined ? [] : files.flatMap((file) => fileNotes(file, uid));
  return { step: "files", state: notes.length > 0 ? "warning" : "ok", text: shown.join(", "), notes };
}

function fileNotes({ kind, path, mode, owner }: File, uid: number): string[] {
  if (mode === undefined) return [];
  // The file may contain a credential_process, which xrole runs.
  const isOthers = owner !== uid && owner !== 0;
  return [
    ...(isOthers ? [`${path} is another user's, who decides with it what runs here`] : []),
    ...((mode & 0o022) !== 0 ? [`others may write to ${path}, and so decide what runs here: chmod go-w`] : []),
    ...(kind === "credentials" && (mode & 0o044) !== 0 ? [`others may read ${path}: chmod 600`] : []),
  ];
}

/** @param origin the variable that names the profile, if it is not the command line */
export function profileStep(
  { profile, source, isProfileless }: Plan,
  selected: Section | undefined,
  origin?: string,
): ReportStep {
  const isFromProfile = selected !== undefined && !isProfileless;
  if (!isFromProfile) return { step: "profile", state: "ok", text: "none: the default chain", from: source.from };
  const text = `"${profile}"${origin === undefined ? "" : `, named by ${origin}`}`;
  return { step: "profile", state: "ok", text, from: location(selected) };
}

/** The region, and where it comes from (rules 34 and 35). @param from where it is configured, if it is */
export function regionStep({ region = "", regionOrigin }: Plan, from: string | undefined): ReportStep {
  if (from !== undefined) return { step: "region", state: "ok", text: region, from };
  const where = regionOrigin === "instance" ? "the instance's own" : region;
  return { step: "region", state: "ok", text: `none set: STS is asked in ${where}` };
}

/** The endpoint and the certificates, if they are configured. @param from where the endpoint is configured */
export function endpointStep({ endpoint, caBundle }: Plan, from: string | undefined): ReportStep[] {
  return [
    ...(endpoint === undefined || from === undefined
      ? []
      : [{ step: "endpoint", state: "ok", text: endpoint, from } as const]),
    ...(caBundle === undefined
      ? []
      : [{ step: "ca bundle", state: "ok", text: caBundle.file, from: caBundle.from } as const]),
  ];
}

/** A setting without effect: a warning if another value of the same setting is used. */
export const unusedStep = ({ setting, value, from, because, isOverridden, isLost }: Unused): ReportStep => ({
  step: "not used",
  state: isOverridden || isLost ? "warning" : "ok",
  text: `${setting}${value === undefined ? "" : ` = ${value}`}: ${because}`,
  from,
});

/** @param offset milliseconds by which AWS's clock is ahead */
export function clockStep(offset: number | undefined): ReportStep {
  if (offset === undefined) return { step: "clock", state: "ok", text: "STS does not say what time it is" };
  if (Math.abs(offset) < SKEW) return { step: "clock", state: "ok", text: "within a minute of AWS's" };
  const minutes = Math.round(Math.abs(offset) / 60_000);
  return {
    step: "clock",
    state: "warning",
    data: { seconds: Math.round(offset / 1000) },
    text: `this machine's is ${String(minutes)} min ${offset > 0 ? "behind" : "ahead of"} AWS's`,
    notes: ["xrole signs by AWS's clock; other tools may be refused: set this one (NTP)"],
  };
}

/** @param offset milliseconds by which AWS's clock is ahead; the expiration is in AWS's time */
export function lifeStep(
  expiration: Date | undefined,
  now: number,
  offset: number,
  describe: (milliseconds: number) => string,
): ReportStep {
  if (!expiration) return { step: "time left", state: "ok", text: "they do not end by themselves" };
  const left = expiration.getTime() - (now + offset);
  const state: State = left < SHORT_LIFE ? "warning" : "ok";
  const end = formatTime(expiration);
  return { step: "time left", state, text: `${describe(left)}, until ${end}`, data: { expiration: end } };
}

interface CacheFacts {
  readonly folder?: string;
  readonly problem?: string;
  readonly isKeepable: boolean;
  readonly entry?: { readonly credentials: { readonly expiration: Date }; readonly left: number };
}

/** What other commands will find in the cache. @param hasFailed whether carrying out the plan failed */
export function cacheStep(
  { folder, problem, isKeepable, entry }: CacheFacts,
  hasFailed: boolean,
  describe: (milliseconds: number) => string,
): ReportStep {
  const step = (state: State, text: string, note?: string): ReportStep => ({
    step: "cache",
    state,
    text,
    ...(note !== undefined && { notes: [note] }),
  });
  if (folder === undefined) return step("ok", "nothing is kept between calls");
  if (problem !== undefined) return step("warning", `${folder} is not used: ${problem}`);
  if (!isKeepable) return step("ok", "nothing of this profile is kept");
  if (!entry) return step("ok", `nothing of this profile is kept yet (${folder})`);
  const text = `kept until ${formatTime(entry.credentials.expiration)} (${describe(entry.left)}, ${folder})`;
  return hasFailed
    ? step(
        "warning",
        text,
        "until then other commands use what is kept, and do not meet this failure: --fresh shows it",
      )
    : step("ok", text);
}
