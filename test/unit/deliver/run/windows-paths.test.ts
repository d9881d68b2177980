// Where Windows has a command: this machine has no Windows, so the paths are held to its rules.
import { expect, it } from "vitest";
import { windowsPaths } from "../../../../src/deliver/run/windows-paths.ts";

const env = { PATH: 'C:\\bin;;"C:\\Program Files\\x"', PATHEXT: ".COM;.EXE;.CMD" };

it("is tried with each ending in each folder, and not in the working directory", () => {
  expect(windowsPaths(env, "aws")).toEqual([
    "C:\\bin\\aws.com",
    "C:\\bin\\aws.exe",
    "C:\\bin\\aws.cmd",
    "C:\\Program Files\\x\\aws.com",
    "C:\\Program Files\\x\\aws.exe",
    "C:\\Program Files\\x\\aws.cmd",
  ]);
});

it("is taken as it is where it has an ending or a path", () => {
  expect(windowsPaths(env, "aws.EXE")).toEqual(["C:\\bin\\aws.EXE", "C:\\Program Files\\x\\aws.EXE"]);
  expect(windowsPaths(env, ".\\aws.exe")).toEqual([".\\aws.exe"]);
  expect(windowsPaths({}, "C:\\bin\\aws")).toEqual([
    "C:\\bin\\aws.com",
    "C:\\bin\\aws.exe",
    "C:\\bin\\aws.bat",
    "C:\\bin\\aws.cmd",
  ]);
});
