// Lists the licences of the packages inside the bundle: their terms ask for it, and users may want to know.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** The notices file for the bundle's input files: each package once, its name, version, licence and licence text. */
export async function thirdPartyNotices(inputs) {
  const folders = new Set();
  for (const input of inputs) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (match) folders.add(match[1]);
  }
  const notices = await Promise.all([...folders].sort().map(notice));
  return `xrole's bundle holds these packages.\n\n${notices.join("\n")}`;
}

async function notice(folder) {
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  const file = (await readdir(folder)).find((name) => /^licen[cs]e/i.test(name));
  const text = file ? await readFile(join(folder, file), "utf8") : "";
  return `${"-".repeat(80)}\n${manifest.name} ${manifest.version} (${manifest.license})\n\n${text.trim()}\n`;
}
