// Names with brackets, from the header to the role: each is a profile of its own, and a header of unclear end stops xrole.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { fakeAws, sts } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const profile = (header: string, role: string): string =>
  `${header}\nrole_arn = arn:aws:iam::222222222222:role/${role}\ncredential_source = Environment\n`;

describe("profiles whose names hold brackets", () => {
  const CONFIG =
    profile("[profile [PROD]-A.ReadOnly]", "read") +
    profile("[profile [PROD]-B.Admin]", "admin") +
    profile("[profile prod]", "prod") +
    profile("[profile prod]-old]", "old");

  it.each([
    ["[PROD]-A.ReadOnly", "read"],
    ["[PROD]-B.Admin", "admin"],
    ["prod", "prod"],
    ["prod]-old", "old"],
  ])("%s leads to its own role", async (name, role) => {
    const { url, asked } = await fakeAws(sts);
    const env = { HOME: makeHome({ ".aws/config": CONFIG }), ...KEYS, AWS_ENDPOINT_URL_STS: url };
    expect(await xrole(["credential-process", name, "--no-cache"], { env })).toMatchObject({ status: 0 });
    expect(asked.map(({ body }) => new URLSearchParams(body).get("RoleArn"))).toEqual([
      `arn:aws:iam::222222222222:role/${role}`,
    ]);
  });

  it("are listed and completed one by one", async () => {
    const env = { HOME: makeHome({ ".aws/config": CONFIG }) };
    const names = ["[PROD]-A.ReadOnly", "[PROD]-B.Admin", "prod", "prod]-old"];
    const listed = JSON.parse((await xrole(["list", "--json"], { env })).stdout) as { profile: string }[];
    expect(listed.map(({ profile }) => profile)).toEqual(names);
    const { stdout } = await xrole(["__complete", "zsh", "--", "exec", ""], { env });
    expect(stdout).toBe(`:words\n${names.join("\n")}\n`);
    const inBash = await xrole(["__complete", "bash", "--", "xrole exec \\[", "\\["], { env });
    expect(inBash.stdout).toBe(":words\n\\[PROD\\]-A.ReadOnly\n\\[PROD\\]-B.Admin\n");
  });

  it("are changed one by one, and written so that they are found again", async () => {
    const HOME = makeHome({ ".aws/config": CONFIG });
    for (const name of ["[PROD]-A.ReadOnly", "new] one"]) {
      const words = ["configure", name, "--role-arn", "arn:aws:iam::333333333333:role/r"];
      const run = await xrole([...words, "--credential-source", "Environment"], { env: { HOME } });
      expect(run).toMatchObject({ status: 0 });
      const { stdout } = await xrole(["explain", name, "--json"], { env: { HOME, ...KEYS } });
      expect(JSON.parse(stdout)).toMatchObject({ hops: [{ roleArn: "arn:aws:iam::333333333333:role/r" }] });
    }
    expect(readFileSync(join(HOME, ".aws/config"), "utf8")).toContain(
      profile("[profile [PROD]-B.Admin]", "admin") + profile("[profile prod]", "prod"),
    );
  });
});

describe("a header with words after it", () => {
  it("names what is before them, also for configure", async () => {
    const HOME = makeHome({ ".aws/config": profile("[profile p] of ours", "r") });
    const env = { HOME, ...KEYS };
    expect(await xrole(["configure", "p", "--region", "us-east-1"], { env })).toMatchObject({ status: 0 });
    expect(readFileSync(join(HOME, ".aws/config"), "utf8")).toBe(
      `${profile("[profile p] of ours", "r")}region = us-east-1\n`,
    );
    const { stdout } = await xrole(["explain", "p", "--json"], { env });
    expect(JSON.parse(stdout)).toMatchObject({ region: "us-east-1", hops: [{ profile: "p" }] });
  });
});

describe("a header whose end is unclear", () => {
  it.each(["[profile p] q]", "[profile p]-A", "[profile p] # see [q]", "[default] ]"])(
    "stops xrole before it does anything: %s",
    async (header) => {
      const { url, asked } = await fakeAws(sts);
      const HOME = makeHome({ ".aws/config": profile("[profile p]", "r") + profile(header, "other") });
      const env = { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url };
      for (const words of [
        ["env", "p"],
        ["configure", "p", "--region", "us-east-1"],
      ]) {
        const run = await xrole(words, { env });
        expect(run.status).toBe(78);
        expect(run.stderr).toContain(`${HOME}/.aws/config:4: it is unclear where this section header ends`);
      }
      expect(asked).toHaveLength(0);
    },
  );
});
