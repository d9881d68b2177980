// Where credentials are kept: by setting, variable and platform, and never where another user could write.
import { chmodSync, existsSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Settings } from "../../../../src/config/settings.ts";
import { cacheFolder, folderProblem, prepareFolder } from "../../../../src/credentials/cache/folder.ts";
import { makeHome } from "../../../harness/home.ts";

const UID = process.getuid?.() ?? 0;

interface Place {
  readonly env?: Record<string, string>;
  readonly platform?: NodeJS.Platform;
  readonly uid?: number | undefined;
  readonly userHome?: string;
}

const folder = (
  { env = { HOME: "/home/alice" }, platform = "linux", userHome, ...rest }: Place,
  cache?: Settings["cache"],
): string | undefined =>
  cacheFolder(
    { env, platform, cwd: "/job", userHome: () => userHome, uid: "uid" in rest ? rest.uid : UID },
    cache === undefined ? {} : { cache },
  );

describe("the folder", () => {
  const runtime = makeHome({ file: "" });
  const env = { HOME: "/home/alice", XDG_RUNTIME_DIR: runtime };

  it("is in memory where there is such a place, else in the home", () => {
    expect(folder({ env })).toBe(join(runtime, "xrole"));
    expect(folder({})).toBe("/home/alice/.cache/xrole");
    expect(folder({ env: { HOME: "/home/alice", XDG_CACHE_HOME: "/var/cache/alice" } })).toBe("/var/cache/alice/xrole");
    expect(folder({ env: { HOME: "/home/alice", XDG_CACHE_HOME: "relative" } })).toBe("/home/alice/.cache/xrole");
    expect(folder({ env: { HOME: "/home/alice", XDG_CACHE_HOME: " " } })).toBe("/home/alice/.cache/xrole");
    expect(folder({ platform: "darwin" })).toBe("/home/alice/Library/Caches/xrole");
    expect(folder({ env: {}, userHome: "/home/of/system" })).toBe("/home/of/system/.cache/xrole");
    expect(folder({ env: {} })).toBeUndefined();
  });

  it("is of the local user on Windows, whatever XDG says", () => {
    const place = { platform: "win32", uid: undefined } as const;
    const xdg = { XDG_CACHE_HOME: "/var/cache" };
    expect(folder({ ...place, env: { LOCALAPPDATA: "/local", USERPROFILE: "/users/alice", ...xdg } })).toBe(
      "/local/xrole/Cache",
    );
    expect(folder({ ...place, env: { USERPROFILE: "/users/alice", ...xdg } })).toBe(
      "/users/alice/AppData/Local/xrole/Cache",
    );
    expect(folder({ ...place, env: xdg })).toBeUndefined();
  });

  it.each([
    ["relative", { XDG_RUNTIME_DIR: "." }],
    ["not there", { XDG_RUNTIME_DIR: join(runtime, "absent") }],
    ["a file", { XDG_RUNTIME_DIR: join(runtime, "file") }],
  ])("is not in memory where that place is %s", (_, variables) => {
    expect(folder({ env: { HOME: "/home/alice", ...variables } })).toBe("/home/alice/.cache/xrole");
    expect(folder({ env: { HOME: "/home/alice", ...variables } }, "runtime")).toBeUndefined();
  });

  it("is not in memory where that place is another user's", () => {
    expect(folder({ env, uid: UID + 1 })).toBe("/home/alice/.cache/xrole");
    expect(folder({ env, uid: undefined })).toBe(join(runtime, "xrole"));
  });

  it("is where XROLE_CACHE_DIR says", () => {
    expect(folder({ env: { ...env, XROLE_CACHE_DIR: "/named" } })).toBe("/named");
    expect(folder({ env: { ...env, XROLE_CACHE_DIR: "here" } })).toBe("/job/here");
    expect(folder({ env: { ...env, XROLE_CACHE_DIR: "~/kept" } })).toBe("/home/alice/kept");
    expect(folder({ env: { ...env, XROLE_CACHE_DIR: " " } })).toBe(join(runtime, "xrole"));
  });

  it("is held to the setting", () => {
    const named = { ...env, XROLE_CACHE_DIR: "/named" };
    expect(folder({ env: named }, "off")).toBeUndefined();
    expect(folder({ env }, "file")).toBe("/home/alice/.cache/xrole");
    expect(folder({ env: named }, "file")).toBe("/named");
    expect(folder({ env: named }, "runtime")).toBe(join(runtime, "xrole"));
    expect(folder({ env: { HOME: "/home/alice" } }, "runtime")).toBeUndefined();
  });
});

describe("a folder", () => {
  it("is made for its owner alone, and its problem is told", () => {
    const home = makeHome({ file: "" });
    const made = join(home, "a", "b");
    expect(folderProblem(made, UID)).toBeUndefined();
    expect(existsSync(made)).toBe(false);
    expect(prepareFolder(made, UID)).toBeUndefined();
    expect(statSync(made).mode & 0o777).toBe(0o700);
    mkdirSync(join(home, "open"));
    chmodSync(join(home, "open"), 0o777);
    const problem = `every user may write to ${join(home, "open")}; name a folder that only you may write to with XROLE_CACHE_DIR`;
    expect(folderProblem(join(home, "open"), UID)).toBe(problem);
    expect(prepareFolder(join(home, "open", "below"), UID)).toBe(problem);
    expect(prepareFolder(join(home, "open"), undefined)).toBeUndefined();
    expect(prepareFolder(join(home, "file", "x"), UID)).toBe("ENOTDIR");
    expect(folderProblem(`/${"x".repeat(300)}`, UID)).toBe("ENAMETOOLONG");
  });
});
