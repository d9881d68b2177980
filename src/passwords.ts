// Takes passwords out of what is shown. In the executable a part of its own, since only errors and warnings need it.

/**
 * A text without the user and password of the URLs in it: what may be shown of an address that somebody configured. Of a text that is
 * itself a URL with a user in it, or a broken one, everything before its last `@` goes, since a password may hold any character.
 */
export function withoutPassword(text: string): string {
  if (!text.includes("@")) return text;
  const isUrl = /^\s*https?:/i.test(text) && !(URL.canParse(text) && isWithoutUser(new URL(text)));
  const shown = isUrl ? text.replace(/^(\s*https?:[\\/]*)[^\n]*@/i, "$1***@") : text;
  // Word by word: the time grows with the text.
  return shown.replace(/[^\s"'<>]+/g, (word) => {
    const at = word.lastIndexOf("@");
    const start = at < 0 ? undefined : /(\b(https?|socks\w{0,2}|ftp|wss?):[\\/]*|\/\/)/i.exec(word.slice(0, at));
    return start ? `${word.slice(0, start.index + start[0].length)}***${word.slice(at)}` : word;
  });
}

/** The same of a value that should be a URL, and may lack the scheme by which one is known: `user:password@host`. */
export function withoutUser(value: string): string {
  const shown = withoutPassword(value);
  return shown.includes("***@") ? shown : shown.replace(/^.*@/s, "***@");
}

const isWithoutUser = ({ username, password }: URL): boolean => username === "" && password === "";

/** The details without passwords: nothing that is made of them shows one. */
export function withoutPasswords(details: unknown): unknown {
  if (typeof details === "string") return withoutPassword(details);
  if (typeof details !== "object" || details === null || Array.isArray(details)) return details;
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [
      name,
      typeof value === "string" ? withoutPassword(value) : (value as unknown),
    ]),
  );
}
