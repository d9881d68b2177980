// The forms of `xrole env --format`: one list for the command table, for those who write them, and for errors.

export const FORMATS = ["sh", "fish", "powershell", "cmd", "json", "dotenv", "github"] as const;

export type FormatName = (typeof FORMATS)[number];
