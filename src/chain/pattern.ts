// Matches profile names against what a user types: `*` and `?` as in a shell, or a part of the name.

export function matchesPattern(name: string, pattern: string | undefined): boolean {
  if (pattern === undefined) return true;
  if (!/[*?]/.test(pattern)) return name.includes(pattern);
  const expression = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${expression}$`, "su").test(name);
}
