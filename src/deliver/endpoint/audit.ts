// What an endpoint says of the requests that it answered: a line each, but for those that it refused, which anybody can send.
import { formatTime } from "../../plan/aws/received.ts";
import type { Context } from "../../context/types.ts";
import type { Answered, Place } from "./endpoint.ts";

/** Milliseconds for which the requests that are refused have one line. */
const SPAN = 1000;

export interface Audit {
  readonly onAnswer: (answered: Answered) => void;
  /** Writes what is still to be said. */
  readonly end: () => void;
}

/**
 * Writes time, profile, the last four of the key id, and status. What was refused names nobody: the first is told at once, those of
 * the next second together with their number. The lines of one moment are written together.
 * @param nameOf the profile of a place
 */
export function openAudit({ stderr, now }: Pick<Context, "stderr" | "now">, nameOf: (place: Place) => string): Audit {
  let lines = "";
  let refused = 0;
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    // A stderr that cannot be written to stops no service.
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
