// The lock's narrow moments, which whole processes meet only now and then.
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import type * as Net from "node:net";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { acquireLock } from "../../../../src/credentials/cache/lock.ts";
import { makeHome } from "../../../harness/home.ts";

let holder: ChildProcess | undefined;

vi.mock("node:net", async (original) => {
  const net = await original<typeof Net>();
  return {
    ...net,
    connect: (path: string) => {
      const socket = net.connect(path);
      // Dead before this process hears of its connection, and before the holder has accepted it.
      if (holder?.kill("SIGKILL") === true) waitForEnd(holder);
      holder = undefined;
      return socket;
    },
  };
});

/** Waits until a child has ended, without taking notice: it stays a zombie. */
function waitForEnd({ pid }: ChildProcess): void {
  while (!/^(Z|$)/.test(spawnSync("ps", ["-o", "stat=", "-p", String(pid)], { encoding: "utf8" }).stdout));
}

afterEach(() => void holder?.kill("SIGKILL"));

it("is released by a holder that dies before it accepts who waits", async () => {
  const folder = makeHome();
  const listens = `require("net").createServer().listen(process.argv[1], () => {
    console.log("listening");
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  })`;
  holder = spawn(process.execPath, ["-e", listens, join(folder, "name.lock")], { stdio: ["ignore", "pipe", "ignore"] });
  await once(holder.stdout ?? holder, "data");
  expect(await acquireLock(folder, "name", 5000, process.platform)).toBe("released");
});

it("has one holder at a time, however many come at once, and leaves nothing behind", async () => {
  const folder = makeHome();
  let holders = 0;
  const most: number[] = [];
  const comer = async (): Promise<void> => {
    for (;;) {
      const lock = await acquireLock(folder, "name", 20_000, process.platform);
      if (typeof lock === "string") continue;
      most.push(++holders);
      await new Promise((resolve) => setImmediate(resolve));
      holders--;
      return lock.release();
    }
  };
  await Promise.all(Array.from({ length: 20 }, comer));
  expect(most).toEqual(Array.from({ length: 20 }, () => 1));
  expect(readdirSync(folder)).toEqual([]);
});

it("cannot be had in a folder that is none, which stops nobody", async () => {
  const file = join(makeHome({ file: "" }), "file");
  expect(await acquireLock(file, "name", 5000, process.platform)).toBe("unavailable");
});
