// Matches profile names against what a user types: `*` and `?` as in a shell, or a part of the name.

export function matchesPattern(name: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (!/[*?]/.test(pattern)) return name.includes(pattern);
  return matches(Array.from(name), Array.from(pattern));
}

/** Goes back to the last `*` only, so that no pattern takes longer than its length times the name's. By characters, not by their halves. */
function matches(name: readonly string[], pattern: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  /** Where the last `*` is in the pattern, and up to where in the name it reaches. */
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
