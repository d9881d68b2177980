// Writes the audit log of an endpoint: a line for each answered request, and summary lines for refused ones, which anybody can
// send.
import { formatTime } from "../../plan/aws/timestamps.ts";
import type { Context } from "../../context/types.ts";
import type { Answered, Route } from "./endpoint.ts";

/** Milliseconds during which refused requests share one line. */
const SPAN = 1000;

export interface Audit {
  readonly onAnswer: (answered: Answered) => void;
  /** Writes the lines that are still pending. */
  readonly end: () => void;
}

/**
 * Writes time, profile, the last four characters of the access key id, and status. A refused request has no profile: the first is
 * logged at once, and those of the next second as one line with their number. Lines of the same moment are written together.
 * @param nameOf the profile of a route
 */
export function openAudit({ stderr, now }: Pick<Context, "stderr" | "now">, nameOf: (place: Route) => string): Audit {
  let lines = "";
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    // A stderr that cannot be written to must not stop the service.
    if (lines !== "") stderr.write(lines).catch(() => undefined);
    lines = "";
  };
  const tell = (line: string): void => {
    if (lines === "") setImmediate(flush);
    lines += `${formatTime(new Date(now()))} ${line}\n`;
  };
  const tellRefused = (): void => {
    timer = undefined;
    if (refused === 0) return;
    tell(`- - 403 x${String(refused)}`);
    refused = 0;
    timer = setTimeout(tellRefused, SPAN).unref();
  };
  return {
    onAnswer({ place, status, accessKeyId }) {
      if (place) tell(`${nameOf(place)} ${accessKeyId?.slice(-4) ?? "-"} ${String(status)}`);
      else if (timer) refused++;
      else {
        tell(`- - ${String(status)}`);
        timer = setTimeout(tellRefused, SPAN).unref();
      }
    },
    end() {
      tellRefused();
      clearTimeout(timer);
      flush();
    },
  };
}
