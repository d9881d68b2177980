// Finds shell syntax in a command that runs without a shell (credential_process, mfa_process). Pure.

/** Quoted text, and characters that a backslash quotes. */
const QUOTED = /'[^']*'|"(?:\\.|[^"\\])*"|\\./gs;
/** Expansions that a shell makes inside double quotes too. */
const EXPANDED = /\$(?:\w+|\{\w+|\()|`/;

/** The first piece of shell syntax in a command, for the user; undefined without any. It never contains a value. */
export function shellSyntax(command: string): string | undefined {
  const plain = command.replace(QUOTED, (text) => (text.startsWith('"') ? (EXPANDED.exec(text)?.[0] ?? "_") : "_"));
  if (/(?:^|[\s=:])~[\w.-]*(?:\/|\s|$)/.test(plain)) return "~";
  const [expanded] = EXPANDED.exec(plain) ?? [];
  if (expanded === "`") return "a backtick";
  if (expanded === "$(") return "$(...)";
  if (expanded !== undefined) return expanded.startsWith("${") ? `${expanded}}` : expanded;
  const [, operator, semicolon] = /(?:^|\s)(&&?|<|\d?>>?|;)|(\||;(?=\s|$))/.exec(plain) ?? [];
  if (operator !== undefined || semicolon !== undefined) return operator ?? semicolon;
  const [, assigned] = /^\s*([A-Za-z_]\w*)=/.exec(plain) ?? [];
  return assigned === undefined ? undefined : `${assigned}=`;
}
