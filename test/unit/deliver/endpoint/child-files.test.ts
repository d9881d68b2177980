// The files that a command reads in place of the user's own: what is in them, where they are, and who may read them.
import { createHash } from "node:crypto";
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import type { Context } from "../../../../src/context/types.ts";
import { writeChildFiles, type ChildFiles } from "../../../../src/deliver/endpoint/child-files.ts";
import type * as Replace from "../../../../src/util/replace-file.ts";
import { makeHome } from "../../../harness/home.ts";

/** What the system says is its folder for temporary files, while the files are written. */
let temporary = "/nonexistent";

/** What replacing a file fails with, where it is to fail. */
let fault: Error | undefined;
vi.mock("../../../../src/util/replace-file.ts", async (original) => {
  const module = await original<typeof Replace>();
  const replaceFile: typeof module.replaceFile = (...all) => {
    if (fault) throw fault;
    module.replaceFile(...all);
  };
  return { ...module, replaceFile };
});

const UID = process.getuid?.() ?? 0;
const place = (mode = 0o700): string => {
  const folder = makeHome();
  chmodSync(folder, mode);
  return folder;
};
const write = async (
  env: Record<string, string>,
  keptIn?: string,
  more: { readonly cwd?: string; readonly uid?: number | undefined } = {},
): Promise<ChildFiles> => {
  vi.stubEnv("TMPDIR", temporary);
  const context = { env, cwd: "/", uid: UID, platform: "linux", ...more } as Context;
  const made = await writeChildFiles(context, "[default]\n", keptIn).finally(() => vi.unstubAllEnvs());
  onTestFinished(made.remove);
  return made;
};
const failure = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "it did not fail",
    (error: unknown) => error,
  );
const unusable = (folder: string, problem: string): object => ({
  code: "folder-unusable",
  details: { folder, problem },
});

describe("the files of one command", () => {
  it("are the config, no credentials, and a token, for their owner alone", async () => {
    const runtime = place();
    const made = await write({ XDG_RUNTIME_DIR: runtime });
    const folder = dirname(made.config);
    expect(dirname(folder)).toBe(runtime);
    expect(basename(folder)).toMatch(/^xrole-\w{6}$/);
    expect(lstatSync(folder).mode & 0o777).toBe(0o700);
    const names = { config: made.config, credentials: made.credentials, token: made.tokenFile };
    for (const [name, file] of Object.entries(names)) {
      expect(file).toBe(join(folder, name));
      expect(lstatSync(file).mode & 0o777).toBe(0o600);
    }
    expect(Object.values(names).map((file) => readFileSync(file, "utf8"))).toEqual(["[default]\n", "", made.token]);
    made.remove();
    expect(existsSync(folder)).toBe(false);
  });

  it("have a token of 32 random bytes, and a path that is another secret, each time new ones", async () => {
    const env = { XDG_RUNTIME_DIR: place() };
    const [one, other] = [await write(env), await write(env)];
    for (const { token, path } of [one, other]) {
      expect(Buffer.from(token, "base64url")).toHaveLength(32);
      expect(token).toMatch(/^[\w-]{43}$/);
      expect(path).toBe(`/${createHash("sha256").update(`xrole path\n${token}`).digest("hex").slice(0, 32)}`);
    }
    expect(other.token).not.toBe(one.token);
  });

  it.each<[string, () => Record<string, string>]>([
    ["is not set", () => ({})],
    ["is empty", () => ({ XDG_RUNTIME_DIR: "" })],
    ["is relative", () => ({ XDG_RUNTIME_DIR: relative(process.cwd(), place()) })],
    ["is not there", () => ({ XDG_RUNTIME_DIR: join(place(), "absent") })],
    ["may be read by others", () => ({ XDG_RUNTIME_DIR: place(0o755) })],
    ["is below a folder that all may write to", () => ({ XDG_RUNTIME_DIR: below(place(0o777)) })],
  ])("are in the temporary folder where XDG_RUNTIME_DIR %s", async (_, env) => {
    temporary = place();
    expect(dirname(dirname((await write(env())).config))).toBe(temporary);
  });

  it("are there too where it is another user's", async () => {
    temporary = "/tmp";
    const { config } = await write({ XDG_RUNTIME_DIR: place() }, undefined, { uid: UID + 1 });
    expect(dirname(dirname(config))).toBe("/tmp");
  });

  it("are in XDG_RUNTIME_DIR whatever its permissions where the platform has no users", async () => {
    const runtime = place(0o755);
    expect(dirname(dirname((await write({ XDG_RUNTIME_DIR: runtime }, undefined, { uid: undefined })).config))).toBe(
      runtime,
    );
  });

  it("are nowhere where others may write to the temporary folder, or it is not there", async () => {
    temporary = place(0o777);
    expect(await failure(write({}))).toMatchObject(unusable(temporary, `every user may write to ${temporary}`));
    temporary = join(place(), "absent");
    expect(await failure(write({}))).toMatchObject({ ...unusable(temporary, "ENOENT"), cause: { code: "ENOENT" } });
  });
});

/** A new folder in `folder`, for its owner alone. */
function below(folder: string): string {
  const made = join(folder, "x");
  mkdirSync(made, { mode: 0o700 });
  return made;
}

describe("files that are kept", () => {
  it("are made in the folder that is named, and stay", async () => {
    const cwd = place();
    const made = await write({}, "a/b", { cwd });
    expect(dirname(made.config)).toBe(join(cwd, "a/b"));
    expect(lstatSync(join(cwd, "a/b")).mode & 0o777).toBe(0o700);
    made.remove();
    expect(readFileSync(made.tokenFile, "utf8")).toBe(made.token);
  });

  it("keep their token, and their path with it", async () => {
    const cwd = place();
    const [one, other] = [await write({}, cwd), await write({}, cwd)];
    expect([other.token, other.path]).toEqual([one.token, one.path]);
    expect((await write({}, place())).token).not.toBe(one.token);
  });

  it.each<[string, (file: string, folder: string) => void]>([
    ["could be read by others", (file) => chmodSync(file, 0o640)],
    [
      "is a link",
      (file, folder) => {
        writeFileSync(join(folder, "other"), "x".repeat(43), { mode: 0o600 });
        symlinkSync(join(folder, "other"), file);
      },
    ],
    ["is shorter", (file) => writeFileSync(file, "x".repeat(42))],
    ["is longer", (file) => writeFileSync(file, "x".repeat(44))],
    ["holds another character", (file) => writeFileSync(file, `${"x".repeat(42)}.`)],
    ["has a line end", (file) => writeFileSync(file, `${"x".repeat(43)}\n`)],
    ["is empty", (file) => writeFileSync(file, "")],
  ])("have a new token where the one of before %s", async (what, change) => {
    const folder = place();
    const file = join(folder, "token");
    if (what !== "is a link") writeFileSync(file, "x".repeat(43), { mode: 0o600 });
    change(file, folder);
    const { token } = await write({}, folder);
    expect(token).not.toMatch(/^x{10}/);
    expect(readFileSync(file, "utf8")).toBe(token);
    expect(lstatSync(file).mode & 0o777).toBe(0o600);
    expect(lstatSync(file).isSymbolicLink()).toBe(false);
  });

  it("take over a token that only its owner could read, whatever the platform", async () => {
    const folder = place();
    writeFileSync(join(folder, "token"), "x".repeat(43), { mode: 0o600 });
    expect((await write({}, folder)).token).toBe("x".repeat(43));
    chmodSync(join(folder, "token"), 0o644);
    expect((await write({}, folder, { uid: undefined })).token).toBe("x".repeat(43));
  });

  it("are not made where others could read or replace them", async () => {
    const open = place(0o750);
    expect(await failure(write({}, open))).toMatchObject(unusable(open, "it is another user's, or not for you alone"));
    const own = place();
    expect(await failure(write({}, own, { uid: UID + 1 }))).toMatchObject(
      unusable(own, "it is another user's, or not for you alone"),
    );
    const parent = place(0o777);
    const made = below(parent);
    expect(await failure(write({}, made))).toMatchObject(unusable(made, `every user may write to ${parent}`));
    expect(existsSync(join(made, "token"))).toBe(false);
  });

  it("are not made through a link, in a file, or over a folder", async () => {
    const folder = place();
    symlinkSync(place(), join(folder, "link"));
    writeFileSync(join(folder, "file"), "");
    expect(await failure(write({}, join(folder, "link")))).toMatchObject(
      unusable(join(folder, "link"), "it is not a folder"),
    );
    expect(await failure(write({}, join(folder, "file")))).toMatchObject(
      unusable(join(folder, "file"), "it is not a folder"),
    );
    expect(await failure(write({}, join(folder, "file/x")))).toMatchObject({
      ...unusable(join(folder, "file/x"), "ENOTDIR"),
      cause: { code: "ENOTDIR" },
    });
    mkdirSync(join(folder, "config"));
    expect(await failure(write({}, folder))).toMatchObject({
      ...unusable(join(folder, "config"), "it is a directory"),
      cause: { code: "EISDIR" },
    });
  });

  it.each<[Error, string]>([
    [Object.assign(new Error("no space"), { code: "ENOSPC" }), "ENOSPC"],
    [new Error("it is a device"), "Error: it is a device"],
  ])("are not made where the system says so: %s", async (error, problem) => {
    const folder = place();
    fault = error;
    onTestFinished(() => void (fault = undefined));
    expect(await failure(write({}, folder))).toMatchObject(unusable(join(folder, "config"), problem));
  });
});
