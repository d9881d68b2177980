// Lists the formats of `xrole env --format` and `xrole serve --print`, for the option declarations and for the code that writes
// them.

export const FORMATS = ["sh", "fish", "powershell", "cmd", "json", "dotenv", "github"] as const;

export type FormatName = (typeof FORMATS)[number];

export const PRINT_FORMS = ["sh", "docker", "json"] as const;

export type PrintForm = (typeof PRINT_FORMS)[number];
