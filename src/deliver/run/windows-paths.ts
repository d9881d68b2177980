// Lists the paths at which Windows looks for a command. In the executable this is a part of its own.
import { variable, type Environment } from "../../context/types.ts";

/**
 * The paths where Windows may have the command: folder by folder, each extension of PATHEXT in its order. A command that begins
 * with a path is left to the system to resolve.
 */
export function windowsPaths(env: Environment, command: string): string[] {
  const endings = (variable(env, "PATHEXT") ?? ".COM;.EXE;.BAT;.CMD").split(";").filter((ending) => ending !== "");
  const hasEnding = endings.some((ending) => command.toLowerCase().endsWith(ending.toLowerCase()));
  const names = hasEnding ? [command] : endings.map((ending) => command + ending.toLowerCase());
  if (/[\\/]|^[a-z]:/i.test(command)) return names;
  const folders = (env.PATH ?? "").split(";").map((folder) => folder.replace(/^"(.*)"$/, "$1"));
  return folders.filter((folder) => folder !== "").flatMap((folder) => names.map((name) => `${folder}\\${name}`));
}
