// Formats tables and remaining times for people.
import displayWidth from "fast-string-truncated-width";
import { visible } from "./visible.ts";

/** Lines of left-aligned cells, with two spaces between columns. Control characters are made visible. */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows.map((row) => row.map(visible))];
  const widths = head.map((_, column) => lines.reduce((most, line) => Math.max(most, cellWidth(line, column)), 0));
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell).width))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** The width in terminal columns: a wide character takes two, a combining character none. */
const cellWidth = (line: readonly string[], column: number): number => displayWidth(line[column] ?? "").width;

/** Milliseconds as text: `1 h 5 min left`. */
export function describeTimeLeft(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000);
  const hours = Math.floor(minutes / 60);
  return milliseconds <= 0
    ? "past"
    : hours > 0
      ? `${String(hours)} h ${String(minutes % 60)} min left`
      : `${String(minutes)} min left`;
}
