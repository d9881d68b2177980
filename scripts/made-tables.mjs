// Puts tables that are made from code into a page of docs/, between two comments.
import { format } from "prettier";

const BEGIN = "<!-- The tables below are made by `npm run docs`";
const END = "<!-- End of the tables. -->";

/** The page with these tables, formatted. @param page the page as it is, with both comments */
export async function withTables(page, tables) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`no place for tables: ${BEGIN} ... ${END}`);
  const before = page.slice(0, page.indexOf("\n", begin));
  return format(`${before}\n\n${tables}\n\n${page.slice(end)}`, { parser: "markdown", printWidth: 120 });
}
