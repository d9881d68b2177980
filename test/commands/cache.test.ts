// `xrole cache`: what is kept is listed without a secret, and removed.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { notice } from "../harness/secrets.ts";
import { entries, host } from "../harness/cached-world.ts";

describe("xrole cache", () => {
  it("lists what is kept, never a secret", async () => {
    const { run, folder } = await host();
    await run("env q");
    const { stdout } = await run("cache list");
    expect(stdout).toMatch(/^PROFILE +ACCOUNT +ROLE +EXPIRES\n/);
    expect(stdout).toContain("q        222222222222  arn:aws:iam::222222222222:role/q");
    const json = await run("cache list --json");
    notice(
      entries(folder)
        .map((file) => readFileSync(file, "utf8"))
        .join(""),
    );
    for (const text of [stdout, json.stdout]) expect(text).not.toMatch(/secret-of|token-of|ASIA/);
    const rows = JSON.parse(json.stdout) as Record<string, string>[];
    expect(rows.map(({ profile }) => profile).sort()).toEqual(["p", "q"]);
    expect(rows[0]).toEqual({
      profile: expect.any(String) as string,
      roleArn: expect.stringMatching(/^arn:aws:iam::222222222222:role\/[pq]$/) as string,
      accountId: "222222222222",
      expiration: expect.stringMatching(/^\d{4}-.*:\d\dZ$/) as string,
      file: expect.stringContaining(folder) as string,
    });
  });

  it("says so where nothing is cached, which is no warning", async () => {
    const { run } = await host();
    for (const words of ["cache list", "cache clear", "cache clear q", "cache list q"])
      expect(await run(words), words).toMatchObject({ status: 0, stdout: "", stderr: "No credentials are cached.\n" });
    expect(await run("cache list --quiet")).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });

  it("takes no misspelt name for one whose entries were dropped", async () => {
    const { run, folder } = await host();
    await run("env q");
    const before = entries(folder);
    for (const words of ["cache clear Q", "cache list Q"]) {
      const { status, stderr } = await run(words);
      expect(status).toBe(78);
      expect(stderr).toBe('xrole: there is no profile "Q"\n  hint: did you mean "q", "c", "i"?\n');
    }
    expect(entries(folder)).toEqual(before);
  });

  it("drops one profile's entries, or all", async () => {
    const { run, asked, folder } = await host();
    await run("env q");
    expect((await run("cache clear q")).stderr).toBe("Dropped 1 entry.\n");
    await run("env q");
    expect(asked).toHaveLength(3);
    expect((await run("cache clear")).stderr).toBe("Dropped 2 entries.\n");
    expect(entries(folder)).toEqual([]);
    expect(JSON.parse((await run("cache list --json")).stdout)).toEqual([]);
  });

  it("that is neither is wrong usage", async () => {
    const { run } = await host();
    expect((await run("cache drop")).status).toBe(64);
    expect((await run("cache")).status).toBe(64);
  });
});
