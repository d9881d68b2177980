// Which descriptors a command is handed: those that its words and variables name, and never one of xrole's own.
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync } from "node:fs";
import type * as Fs from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { namedDescriptors, streamsFor } from "../../../../src/deliver/run/descriptors.ts";
import { makeHome } from "../../../harness/home.ts";

/** What links of /proc lead to, in place of what they are. */
const links = new Map<string, string | undefined>();
vi.mock("node:fs", async (original) => {
  const fs = await original<typeof Fs>();
  return {
    ...fs,
    readlinkSync: (path: string): string => {
      if (!links.has(path)) return fs.readlinkSync(path);
      const found = links.get(path);
      if (found === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
      return found;
    },
  };
});

const named = (args: readonly string[], env: Record<string, string> = {}): number[] =>
  [...namedDescriptors(args, env)].sort((one, other) => one - other);

describe("a descriptor is named", () => {
  it.each<[string, string[], number[]]>([
    ["by the path that a shell writes", ["/dev/fd/63"], [63]],
    ["by a path of /proc", ["/proc/self/fd/4"], [4]],
    ["in a word", ["--file=file:///dev/fd/11,/dev/fd/12"], [11, 12]],
    ["by an option with =", ["--status-fd=3"], [3]],
    ["by openssl", ["fd:5"], [5]],
    ["by an option of two words", ["--status-fd", "3"], [3]],
    ["by an option with one dash", ["-passphrase-fd", "7"], [7]],
    ["by the shortest option", ["--fd", "8"], [8]],
    ["twice", ["/dev/fd/6", "--status-fd=6"], [6]],
  ])("%s: %j", (_, args, found) => {
    expect(named(args)).toEqual(found);
  });

  it.each([
    ["/dev/fd/x"],
    ["/dev/fds/3"],
    ["/dev/fd/"],
    ["/etc/fd/3"],
    ["--status-fd=3x"],
    ["--status-fd=x"],
    ["shelf=3"],
    ["--status-fd", "x3"],
    ["--status-fd", "3x"],
    ["status-fd", "3"],
    ["x--status-fd", "3"],
    ["--status-fdx", "3"],
    ["---status-fd", "--", "3"],
    ["3", "--status-fd"],
    ["3"],
  ])("by nothing else: %j", (...args) => {
    expect(named(args)).toEqual([]);
  });

  it("by any variable that holds such a path, and no other word of one", () => {
    expect(named([], { INPUT: "/dev/fd/9", OTHER: "--status-fd=4", THIRD: "fd:5" })).toEqual([9]);
  });

  it.each<[Record<string, string>, number[]]>([
    [{ MAKEFLAGS: " -j4 --jobserver-auth=3,4" }, [3, 4]],
    [{ MAKEFLAGS: "--jobserver-fds=5,6 -j" }, [5, 6]],
    [{ MFLAGS: "-j --jobserver-auth=3,4 --jobserver-auth=7,8" }, [3, 4, 7, 8]],
    [{ CARGO_MAKEFLAGS: "--jobserver-auth=3,4" }, [3, 4]],
    [{ MAKEFLAGS: "--jobserver-auth=fifo:/tmp/GMfifo1" }, []],
    [{ MAKEFLAGS: "--jobserver-auth=3" }, []],
    [{ OTHER: "--jobserver-auth=3,4" }, []],
  ])("by a jobserver: %j", (env, found) => {
    expect(named([], env)).toEqual(found);
  });
});

describe("a command", () => {
  const folder = makeHome({ file: "" });
  execFileSync("mkfifo", [join(folder, "fifo")]);
  const open = (name: string, flags: number = constants.O_RDONLY): number => {
    const descriptor = openSync(join(folder, name), flags | constants.O_NONBLOCK);
    onTestFinished(() => {
      closeSync(descriptor);
    });
    return descriptor;
  };
  const streams = (...descriptors: readonly number[]): unknown =>
    streamsFor(
      descriptors.map((one) => `/dev/fd/${String(one)}`),
      {},
    );
  const FIRST = ["inherit", "inherit", "inherit"];
  /** The descriptor, and none of those between. */
  const handed = (descriptor: number): string[] => [
    ...FIRST,
    ...Array.from({ length: descriptor - 3 }, () => "ignore"),
    "inherit",
  ];

  it("has stdin, stdout and stderr, named or not", () => {
    expect(streams()).toEqual(FIRST);
    expect(streams(0, 1, 2)).toEqual(FIRST);
  });

  it("has a file that it names, and no descriptor that is not there", () => {
    const file = open("file");
    expect(streams(file)).toEqual(handed(file));
    expect(streams(9999)).toEqual(FIRST);
    const [more, most] = [open("file"), open("file")];
    const both = streams(most, more) as string[];
    expect(both).toHaveLength(most + 1);
    expect([both[more], both[most]]).toEqual(["inherit", "inherit"]);
  });

  it("has the end of a pipe whose other end is another process's", () => {
    const end = open("fifo");
    expect(streams(end)).toEqual(handed(end));
    // The same end once more is no other end.
    open("fifo");
    expect(streams(end)).toEqual(handed(end));
  });

  it("has no pipe with both ends in xrole, and no folder or socket of xrole's", () => {
    const [reading, writing] = [open("fifo"), open("fifo", constants.O_WRONLY)];
    expect([streams(reading), streams(writing)]).toEqual([FIRST, FIRST]);
    expect(streams(open("."))).toEqual(FIRST);
  });

  it("has no end of a pipe that xrole could read and write by itself", () => {
    open("fifo", constants.O_RDWR);
    expect(streams(open("fifo"))).toEqual(FIRST);
  });

  it("has whatever its parent has at that number, but for what only a program of Node's has", () => {
    const parents = (descriptor: number): string => `/proc/${String(process.ppid)}/fd/${String(descriptor)}`;
    const own = (descriptor: number): string => `/proc/self/fd/${String(descriptor)}`;
    onTestFinished(() => links.clear());
    const one = open(".");
    for (const [mine, parent, expected] of [
      ["socket:[1]", "socket:[1]", handed(one)],
      ["socket:[1]", "socket:[2]", FIRST],
      ["anon_inode:[eventpoll]", "anon_inode:[eventpoll]", FIRST],
      // Without /proc.
      [undefined, undefined, FIRST],
    ] as const) {
      links.set(own(one), mine).set(parents(one), parent);
      expect(streams(one)).toEqual(expected);
    }
  });

  it("has any pipe where there is no /proc", () => {
    const [reading, writing] = [open("fifo"), open("fifo", constants.O_WRONLY)];
    onTestFinished(() => links.clear());
    for (const one of [reading, writing])
      links
        .set(`/proc/self/fd/${String(one)}`, undefined)
        .set(`/proc/${String(process.ppid)}/fd/${String(one)}`, undefined);
    expect(streams(reading)).toEqual(handed(reading));
  });
});
