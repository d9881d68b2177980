// The forms of `xrole env --format` and `xrole serve --print`: one list for the declarations, and for those who write them.

export const FORMATS = ["sh", "fish", "powershell", "cmd", "json", "dotenv", "github"] as const;

export type FormatName = (typeof FORMATS)[number];

export const PRINT_FORMS = ["sh", "docker", "json"] as const;

export type PrintForm = (typeof PRINT_FORMS)[number];
