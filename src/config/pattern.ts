// Matches profile names against a pattern: with `*` and `?` as in a shell, or part of the name.

export function matchesPattern(name: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (!/[*?]/.test(pattern)) return name.includes(pattern);
  return matches(Array.from(name), Array.from(pattern));
}

/** Backtracks only to the last `*`, so the time is at most the product of both lengths. Compares characters, not UTF-16 halves. */
function matches(name: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  /** The position of the last `*` in the pattern, and the end of the text that it matches in the name. */
  let star: { readonly next: number; reach: number } | undefined;
  while (at < name.length) {
    if (pattern[next] === "*") {
      star = { next: next++, reach: at };
    } else if (next < pattern.length && (pattern[next] === "?" || pattern[next] === name[at])) {
      at++;
      next++;
    } else if (star) {
      at = ++star.reach;
      next = star.next + 1;
    } else {
      return false;
    }
  }
  while (pattern[next] === "*") next++;
  return next === pattern.length;
}
