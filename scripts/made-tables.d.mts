export function withTables(page: string, tables: string): Promise<string>;
