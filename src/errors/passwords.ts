// Takes passwords out of what is shown. In the executable a part of its own, since only errors and warnings need it.

/**
 * A text without the users, passwords, queries and fragments of the URLs in it: what may be shown of an address that somebody
 * configured. Of a text that is itself a URL with a user in it, or a broken one, everything before its last `@` goes, since a password
 * may hold any character.
 */
export function withoutPassword(text: string): string {
  return /[?#]/.test(text) ? withoutUsers(text).replace(/[^\s"'<>]+/g, withoutQuery) : withoutUsers(text);
}

/** A word that may hold a URL, without the URL's query, and without its fragment unless that is `/`, as in an SSO start URL. */
function withoutQuery(word: string): string {
  const url = /\b(https?|socks\w{0,2}|ftp|wss?):[\\/]/i.exec(word);
  if (!url) return word;
  return (
    word.slice(0, url.index) + word.slice(url.index).replace(/(?:\?[^#]|#(?!\/?$)).*/s, (rest) => `${rest[0] ?? ""}***`)
  );
}

function withoutUsers(text: string): string {
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
  const users = withoutUsers(value);
  const shown = users.includes("***@") ? users : users.replace(/^.*@/s, "***@");
  return shown.replace(/([?#])(?!\/?$).+/s, "$1***");
}

/** The value of a setting or variable, as it may be shown. */
export function shownValue(name: string, value: string): string {
  return /ur[li]|endpoint/i.test(name) ? withoutUser(value) : withoutPassword(value);
}

const isWithoutUser = ({ username, password }: URL): boolean => username === "" && password === "";

/** A value of the same form, in whose strings, lists and objects no password is left. */
export function withoutPasswords<T>(value: T): T {
  return hide(value) as T;
}

function hide(value: unknown): unknown {
  if (typeof value === "string") return withoutPassword(value);
  if (Array.isArray(value)) return value.map(hide);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hide(one)]));
}
