// Knows the secrets that tests hand out, so that a run which shows one on stderr fails.

const handedOut = new Set<string>();

/** Marks `text` as secret, and returns it. */
export function secret(text: string): string {
  handedOut.add(text);
  return text;
}

/** Marks every secret in a text such as a config file, an environment or a reply. */
export function notice(text: string): void {
  const pattern =
    /(?:secret_access_key|session_token|security_token|SecretAccessKey|SessionToken|Token|TOKEN|SECRET_ACCESS_KEY)["'>\s]*[=:>]\s*["']?([^\s"'<,}]{8,})/gi;
  for (const [, found] of text.matchAll(pattern)) if (found !== undefined) handedOut.add(found);
}

/** The secrets that `text` shows. */
export function secretsIn(text: string): string[] {
  return [...handedOut].filter((value) => text.includes(value));
}
