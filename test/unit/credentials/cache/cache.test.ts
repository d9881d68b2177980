// What is kept between calls: what of a file is believed, what is written, and what is swept.
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseEntry, readOwn, type Entry } from "../../../../src/credentials/cache/entry.ts";
import { openCache } from "../../../../src/credentials/cache/cache.ts";
import { XroleError } from "../../../../src/errors/error.ts";
import { fingerprint } from "../../../../src/util/digest.ts";
import { makeHome } from "../../../harness/home.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = Date.parse("2030-01-01T00:00:00.000Z");
const UID = process.getuid?.() ?? 0;
const ENTRY: Entry = {
  credentials: {
    accessKeyId: "ASIAKEPT",
    secretAccessKey: "kept-secret",
    sessionToken: "kept-token",
    expiration: new Date(NOW + HOUR),
    accountId: "222222222222",
  },
  obtained: NOW,
  clockOffset: 5000,
  profile: "p",
  roleArn: "arn:aws:iam::222222222222:role/p",
};
/** The entry as its file has it. */
const KEPT = {
  key: "key",
  accessKeyId: "ASIAKEPT",
  secretAccessKey: "kept-secret",
  sessionToken: "kept-token",
  accountId: "222222222222",
  expiration: "2030-01-01T01:00:00.000Z",
  obtained: NOW,
  clockOffset: 5000,
  profile: "p",
  roleArn: "arn:aws:iam::222222222222:role/p",
};
const name = (key: string): string => `${fingerprint(key)}.json`;
const parsed = (change: object, key?: string): Entry | undefined =>
  parseEntry(JSON.stringify({ ...KEPT, ...change }), key);
const refusal = new XroleError("access-denied", { action: "sts:AssumeRole", message: "no" } as never);

describe("an entry", () => {
  it("is what its file says", () => {
    expect(parsed({})).toStrictEqual(ENTRY);
    expect(parsed({}, "key")).toStrictEqual(ENTRY);
    expect(parsed({ accountId: undefined })?.credentials).not.toHaveProperty("accountId");
    for (const roleArn of [undefined, 1]) expect(parsed({ roleArn })).not.toHaveProperty("roleArn");
    expect(parsed({ obtained: 0, clockOffset: NOW })).toStrictEqual({ ...ENTRY, obtained: 0, clockOffset: NOW });
  });

  it.each<[string, object]>([
    ["no key id", { accessKeyId: undefined }],
    ["no secret", { secretAccessKey: undefined }],
    ["no token", { sessionToken: undefined }],
    ["a key id that a shell would run", { accessKeyId: "$(id)" }],
    ["a secret that a shell would run", { secretAccessKey: "`id`" }],
    ["a token of two lines", { sessionToken: "a\nb" }],
    ["no end", { expiration: undefined }],
    ["a number as its end", { expiration: NOW }],
    ["an end that is no time", { expiration: "2030-02-30T00:00:00Z" }],
    ["no time at which it was obtained", { obtained: undefined }],
    ["words as that time", { obtained: "now" }],
    ["words as its clock", { clockOffset: "0" }],
    ["no clock", { clockOffset: undefined }],
    ["no profile", { profile: undefined }],
    ["a number as its account", { accountId: 222222222222 }],
    ["letters in its account", { accountId: "a2" }],
    ["letters after its account", { accountId: "2a" }],
    ["a life of more than 36 hours", { expiration: new Date(NOW + 5000 + 36 * HOUR + 1).toISOString() }],
  ])("with %s is none", (_, change) => {
    expect(parsed(change)).toBeUndefined();
  });

  it("may live 36 hours, by AWS's clock", () => {
    expect(parsed({ expiration: new Date(NOW + 5000 + 36 * HOUR).toISOString() })).toBeDefined();
  });

  it("of another key is none, and what is no JSON object", () => {
    expect(parsed({}, "other")).toBeUndefined();
    expect(parsed({ key: undefined }, "key")).toBeUndefined();
    for (const text of ["", "[]", "null", JSON.stringify(KEPT).slice(1)]) expect(parseEntry(text)).toBeUndefined();
    expect(parseEntry(JSON.stringify(KEPT).replace("NaN", "1e999").replace(String(NOW), "1e999"))).toBeUndefined();
  });
});

describe("a file", () => {
  const folder = makeHome({ own: "text", long: "x".repeat(64 * 1024), longer: "x".repeat(64 * 1024 + 1) });
  for (const file of ["own", "long", "longer"]) chmodSync(join(folder, file), 0o600);
  symlinkSync("own", join(folder, "link"));

  it("is read where it is the user's alone, and no longer than 64 KiB", () => {
    expect(readOwn(join(folder, "own"), UID)).toBe("text");
    expect(readOwn(join(folder, "long"), UID)).toHaveLength(64 * 1024);
    // Windows knows no such numbers.
    expect(readOwn(join(folder, "own"), undefined)).toBe("text");
  });

  it.each(["longer", "link", "absent", "."])("that is %s is not", (file) => {
    expect(readOwn(join(folder, file), UID)).toBeUndefined();
  });

  it("of another user is not, nor one that others may read or write", () => {
    expect(readOwn(join(folder, "own"), UID + 1)).toBeUndefined();
    for (const mode of [0o640, 0o620, 0o610, 0o604, 0o602, 0o601]) {
      chmodSync(join(folder, "own"), mode);
      expect(readOwn(join(folder, "own"), UID), mode.toString(8)).toBeUndefined();
    }
    chmodSync(join(folder, "own"), 0o600);
  });
});

describe("the cache", () => {
  it("gives back what was written, by its key alone", () => {
    const folder = join(makeHome(), "new", "xrole");
    const cache = openCache(folder, UID);
    expect(cache.folder).toBe(folder);
    expect(cache.read("key")).toBeUndefined();
    expect(cache.write("key", ENTRY)).toBeUndefined();
    expect(cache.read("key")).toStrictEqual(ENTRY);
    expect(cache.read("other")).toBeUndefined();
    expect(JSON.parse(readFileSync(join(folder, name("key")), "utf8"))).toStrictEqual(KEPT);
    expect(statSync(join(folder, name("key"))).mode & 0o777).toBe(0o600);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    // Under another's name it is that one's no more.
    writeFileSync(join(folder, name("other")), readFileSync(join(folder, name("key"))), { mode: 0o600 });
    expect(cache.read("other")).toBeUndefined();
    expect(
      cache
        .list()
        .map(({ file }) => file)
        .sort(),
    ).toStrictEqual([join(folder, name("key")), join(folder, name("other"))].sort());
    expect(cache.list().map(({ entry }) => entry)).toStrictEqual([ENTRY, ENTRY]);
  });

  it("dates an entry's file by the end, on this machine's clock", () => {
    const folder = makeHome();
    openCache(folder, UID).write("key", ENTRY);
    expect(statSync(join(folder, name("key"))).mtimeMs).toBe(NOW + HOUR - 5000);
  });

  it("says what keeps an entry from being written", () => {
    const open = makeHome();
    chmodSync(open, 0o777);
    expect(openCache(open, UID).write("key", ENTRY)).toMatch(
      /^every user may write to .*; name a folder that only you/,
    );
    expect(readdirSync(open)).toStrictEqual([]);
    const taken = makeHome();
    mkdirSync(join(taken, name("key")));
    expect(openCache(taken, UID).write("key", ENTRY)).toBe("EISDIR");
    const file = join(makeHome({ file: "" }), "file", "xrole");
    expect(openCache(file, UID).write("key", ENTRY)).toBe("ENOTDIR");
  });

  it("lists entries alone", () => {
    const folder = makeHome({ "x.json": "{}", "y.txt": JSON.stringify(KEPT), "z.json": JSON.stringify(KEPT) });
    chmodSync(join(folder, "y.txt"), 0o600);
    chmodSync(join(folder, "z.json"), 0o600);
    expect(openCache(folder, UID).list()).toStrictEqual([{ file: join(folder, "z.json"), entry: ENTRY }]);
    expect(openCache(folder, UID + 1).list()).toStrictEqual([]);
    expect(openCache(join(folder, "absent"), UID).list()).toStrictEqual([]);
  });
});

describe("a refusal", () => {
  it("counts from the time on that is asked for, and never from a later clock", () => {
    const folder = makeHome();
    const cache = openCache(folder, UID);
    cache.writeRefusal("key", refusal, NOW);
    expect(statSync(join(folder, `${fingerprint("key")}.refused`)).mtimeMs).toBe(NOW + 4000);
    for (const [since, now] of [
      [NOW, NOW],
      [NOW - 1, NOW + 1],
    ] as const)
      expect(cache.readRefusal("key", since, now)).toMatchObject({ code: "access-denied", details: refusal.details });
    expect(cache.readRefusal("key", NOW + 1, NOW + 2)).toBeUndefined();
    expect(cache.readRefusal("key", NOW - 2, NOW - 1)).toBeUndefined();
    expect(cache.readRefusal("other", 0, NOW)).toBeUndefined();
  });

  it("of another key, without a time or of no known kind is none", () => {
    const folder = makeHome();
    const cache = openCache(folder, UID);
    const file = join(folder, `${fingerprint("key")}.refused`);
    const kept = { key: "key", at: NOW, code: "access-denied", details: refusal.details };
    const read = (change: object): unknown => {
      writeFileSync(file, JSON.stringify({ ...kept, ...change }), { mode: 0o600 });
      return cache.readRefusal("key", NOW, NOW);
    };
    expect(read({})).toBeDefined();
    for (const change of [{ key: "other" }, { at: undefined }, { at: String(NOW) }, { code: "no-such-code" }])
      expect(read(change), JSON.stringify(change)).toBeUndefined();
    read({});
    chmodSync(file, 0o644);
    expect(cache.readRefusal("key", NOW, NOW)).toBeUndefined();
  });

  it("goes when an entry answers it", () => {
    const cache = openCache(makeHome(), UID);
    cache.writeRefusal("key", refusal, NOW);
    cache.writeRefusal("other", refusal, NOW);
    cache.write("key", ENTRY);
    expect(cache.readRefusal("key", NOW, NOW)).toBeUndefined();
    expect(cache.readRefusal("other", NOW, NOW)).toBeDefined();
  });

  it("is not written where others may write, nor is that an error", () => {
    const open = makeHome();
    chmodSync(open, 0o777);
    openCache(open, UID).writeRefusal("key", refusal, NOW);
    expect(readdirSync(open)).toStrictEqual([]);
    const taken = makeHome();
    mkdirSync(join(taken, `${fingerprint("key")}.refused`));
    openCache(taken, UID).writeRefusal("key", refusal, NOW);
    expect(readdirSync(taken)).toStrictEqual([`${fingerprint("key")}.refused`]);
  });
});

const HEX = "0123456789abcdef0123456789abcdef";
const CODE = `main-0123456789abcdef-v20.1.0-x64.code`;

describe("sweeping", () => {
  /** What is left of files of these times after an entry is written, by milliseconds from now. */
  function left(times: Readonly<Record<string, number>>, again: Readonly<Record<string, number>> = {}): string[] {
    const folder = makeHome();
    const cache = openCache(folder, UID);
    const put = (files: Readonly<Record<string, number>>): void => {
      for (const [file, time] of Object.entries(files)) {
        writeFileSync(join(folder, file), "");
        utimesSync(join(folder, file), (NOW + time) / 1000, (NOW + time) / 1000);
      }
    };
    put(times);
    cache.write("key", ENTRY);
    put(again);
    cache.write("key", ENTRY);
    return readdirSync(folder).filter((file) => file !== name("key"));
  }

  it.each(["x.json", "x.refused", CODE, `${CODE}.x1.tmp`])("removes %s that has ended", (file) => {
    expect(left({ [file]: -1000 })).toStrictEqual([]);
    expect(left({ [file]: 0 })).toStrictEqual([file]);
    expect(left({ [file]: 1000 })).toStrictEqual([file]);
  });

  it.each(["x.json.1.tmp", "x.lock", ".xrole-1.tmp"])("removes %s after a day", (file) => {
    expect(left({ [file]: -DAY - 1000 })).toStrictEqual([]);
    expect(left({ [file]: -DAY })).toStrictEqual([file]);
  });

  it("removes what is dated later than anything can end", () => {
    expect(left({ "x.json": 36 * HOUR + DAY + 1000, "x.lock": 36 * HOUR + DAY + 1000 })).toStrictEqual([]);
    expect(left({ "x.json": 36 * HOUR + DAY })).toStrictEqual(["x.json"]);
  });

  it("leaves what is not the cache's, folders too, and happens once a process", () => {
    const others = ["notes.txt", "x.json.old", "x.refused2", "lock", "x.tmp.bak"];
    expect(left(Object.fromEntries(others.map((file) => [file, -400 * DAY])))).toStrictEqual([...others].sort());
    expect(left({ "notes.txt": 400 * DAY })).toStrictEqual(["notes.txt"]);
    expect(left({}, { "x.json": -DAY })).toStrictEqual(["x.json"]);
    const folder = makeHome();
    mkdirSync(join(folder, "x.json"));
    utimesSync(join(folder, "x.json"), 1, 1);
    openCache(folder, UID).write("key", ENTRY);
    expect(existsSync(join(folder, "x.json"))).toBe(true);
  });
});

describe("clearing", () => {
  it("removes what is the cache's, and counts the entries", () => {
    const ours = [
      `${HEX}.json`,
      `${HEX}.refused`,
      `${HEX}.json.1a.tmp`,
      `${HEX}.refused.1a.tmp`,
      ".xrole-1a.tmp",
      CODE,
    ];
    const others = [
      ...[`${HEX}.json2`, `0${HEX}.json`, `x${HEX}.json`, "x.json", "notes.txt", `${HEX}.txt`, `${CODE}x`],
      ...["x.xrole-1a.tmp", `1${CODE}`, `${HEX}.lock`, ".xrole-1a.tmp.bak"],
    ];
    const folder = makeHome(Object.fromEntries([...ours, ...others].map((file) => [file, ""])));
    expect(openCache(folder, UID).clear()).toBe(1);
    expect(readdirSync(folder).sort()).toStrictEqual([...others].sort());
  });

  it("removes the files that are named, and no other", () => {
    const other = HEX.replace("0", "f");
    const folder = makeHome({ [`${HEX}.json`]: "", [`${other}.json`]: "", "notes.json": "" });
    const files = [`${HEX}.json`, "notes.json", `${HEX}.refused`].map((file) => join(folder, file));
    expect(openCache(folder, UID).clear(files)).toBe(1);
    expect(readdirSync(folder).sort()).toStrictEqual(["notes.json", `${other}.json`].sort());
    expect(openCache(join(folder, "absent"), UID).clear()).toBe(0);
  });
});
