import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readBytes, readText, type Fail, type Reading } from "../../../src/util/files.ts";
import { expectNoDevice, linkTarget, replaceFile } from "../../../src/util/replace-file.ts";
import { makeHome } from "../../harness/home.ts";
import { ODD_FILES } from "../../harness/odd-files.ts";

const fail: Fail = (problem) => {
  throw new Error(`problem: ${problem}`);
};
const read = (path: string, options?: Reading): string | undefined => readText(path, fail, options);

describe("reading a file", () => {
  it("gives its text, behind a symbolic link too", () => {
    const home = makeHome({ a: "text é\n" });
    symlinkSync("a", join(home, "link"));
    expect(read(join(home, "a"))).toBe("text é\n");
    expect(read(join(home, "link"))).toBe("text é\n");
  });

  it("gives nothing where there is none", () => {
    const home = makeHome({ a: "" });
    symlinkSync("nowhere", join(home, "link"));
    for (const name of ["b", "link", "a/b"]) expect(read(join(home, name))).toBeUndefined();
  });

  it("takes /dev/null as empty", () => {
    expect(read("/dev/null")).toBe("");
    const home = makeHome();
    symlinkSync("/dev/null", join(home, "link"));
    expect(read(join(home, "link"))).toBe("");
  });

  it.each(Object.entries(ODD_FILES))("fails at once for %s", (_, make) => {
    const path = join(makeHome(), "file");
    make(path);
    expect(() => read(path)).toThrow(
      /^problem: it is (a directory|not a regular file|larger than 1 MiB|a symbolic link)/,
    );
  });

  it("takes as many bytes as the limit, and no more", () => {
    const path = join(makeHome({ a: "x".repeat(5000) }), "a");
    expect(read(path, { limit: 5000 })).toHaveLength(5000);
    expect(() => read(path, { limit: 4999 })).toThrow("problem: it is larger than");
    expect(() => read(path, { limit: 10 })).toThrow("problem: it is larger than");
  });

  it("reads files that do not tell their size", () => {
    expect(read("/proc/self/status")).toContain("Name:");
    expect(() => read("/proc/self/status", { limit: 100 })).toThrow("problem: it is larger than");
  });

  it("refuses what is not UTF-8 text, unless bytes are wanted", () => {
    const path = join(makeHome({ a: Uint8Array.of(0x61, 0xff) }), "a");
    expect(() => read(path)).toThrow("problem: it is not UTF-8 text");
    expect(readBytes(path, fail)).toEqual(Buffer.of(0x61, 0xff));
  });

  it("looks at the opened file as the caller wants", () => {
    const home = makeHome({ a: "text" });
    symlinkSync("a", join(home, "link"));
    expect(() => read(join(home, "link"), { refusesLinks: true })).toThrow("problem: it is a symbolic link");
    const check: Reading["check"] = ({ mode }) => ((mode & 0o077) === 0 ? undefined : "others may read it");
    chmodSync(join(home, "a"), 0o644);
    expect(() => read(join(home, "a"), { check })).toThrow("problem: others may read it");
    chmodSync(join(home, "a"), 0o600);
    expect(read(join(home, "a"), { check })).toBe("text");
  });
});

describe("replacing a file", () => {
  it("makes one for its owner alone, whatever the umask, and leaves nothing beside it", () => {
    const home = makeHome();
    const old = process.umask(0);
    replaceFile(join(home, "a"), "new");
    process.umask(old);
    expect(readFileSync(join(home, "a"), "utf8")).toBe("new");
    expect(statSync(join(home, "a")).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(["a"]);
  });

  it("keeps the permissions where that is wanted, and sets the time", () => {
    const path = join(makeHome({ a: "old" }), "a");
    chmodSync(path, 0o640);
    replaceFile(path, "new", { keepsOwner: true, isSynced: true, time: 1000 });
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o640);
    expect(statSync(path).mtimeMs).toBe(1_000_000);
  });

  it("leaves everything as it was where it fails", () => {
    const home = makeHome({ a: "old" });
    const stop = (): never => fail("changed");
    expect(() => replaceFile(join(home, "a"), "new", { beforeRename: stop })).toThrow("problem: changed");
    mkdirSync(join(home, "folder"));
    writeFileSync(join(home, "folder/x"), "");
    expect(() => replaceFile(join(home, "folder"), "new")).toThrow("EISDIR");
    expect(() => replaceFile(join(home, "none/a"), "new")).toThrow("ENOENT");
    expect(readFileSync(join(home, "a"), "utf8")).toBe("old");
    expect(readdirSync(home)).toEqual(["a", "folder"]);
  });

  it("never puts a file in the place of a device", () => {
    expect(() => expectNoDevice("/dev/null")).toThrow("it is a device");
    expect(() => replaceFile("/dev/null", "new")).toThrow("it is a device");
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
  });

  it("goes to the file behind a link, which may not be there yet", () => {
    const home = makeHome({ a: "" });
    symlinkSync("a", join(home, "to-a"));
    symlinkSync("b", join(home, "to-b"));
    symlinkSync("loop", join(home, "loop"));
    expect(linkTarget(join(home, "to-a"))).toBe(join(home, "a"));
    expect(linkTarget(join(home, "to-b"))).toBe(join(home, "b"));
    expect(linkTarget(join(home, "c"))).toBe(join(home, "c"));
    expect(linkTarget(join(home, "loop"))).toBe(join(home, "loop"));
  });
});
