// Long chains and large files: a user with many accounts gets what one with few gets.
import { describe, expect, it } from "vitest";
import { fakeAws, hourly } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole } from "../../harness/run.ts";

const HOPS = 20;
const role = (number: number): string =>
  `[profile hop-${number}]\nrole_arn = arn:aws:iam::${String(number).padStart(12, "0")}:role/hop-${number}\n` +
  (number === 1 ? "credential_source = Environment\n" : `source_profile = hop-${number - 1}\n`);

describe("a chain of 20 hops", () => {
  it("asks for each role with the one before, once, and then for none", async () => {
    const { url, asked } = await fakeAws(hourly);
    const config = Array.from({ length: HOPS }, (_, index) => role(index + 1)).join("");
    const home = makeHome({ ".aws/config": config });
    const env = {
      HOME: home,
      XROLE_CACHE_DIR: `${home}/cache`,
      AWS_ACCESS_KEY_ID: "AKIAFIRST",
      AWS_SECRET_ACCESS_KEY: "secret-of-the-first",
      AWS_ENDPOINT_URL_STS: url,
      AWS_REGION: "us-east-1",
    };
    const words = ["credential-process", `hop-${HOPS}`];
    const first = await xrole(words, { env });
    expect(first.status).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ AccessKeyId: "ASIAhop20" });
    expect((await xrole(words, { env })).stdout).toBe(first.stdout);
    const roles = asked.map(({ body }) => new URLSearchParams(body).get("RoleArn")?.split("/")[1]);
    expect(roles).toEqual(Array.from({ length: HOPS }, (_, index) => `hop-${index + 1}`));
    const signers = asked.map(({ headers }) => /Credential=(\w+)\//.exec(headers.authorization ?? "")?.[1]);
    expect(signers).toEqual(["AKIAFIRST", ...Array.from({ length: HOPS - 1 }, (_, index) => `ASIAhop${index + 1}`)]);
  });
});

describe("a file of 5 MB", () => {
  it("serves the profile at its end, and names the line of a fault there", async () => {
    const comment = `# ${"x".repeat(96)}\n`;
    const other = (number: number): string => `[profile other-${number}]\nregion = eu-west-1\n${comment}`;
    const filler = Array.from({ length: 36_000 }, (_, number) => other(number)).join("");
    expect(filler.length).toBeGreaterThan(5_000_000);
    const last = "[profile last]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\n";
    const home = makeHome({ ".aws/config": filler + last, broken: `${filler}${last}no setting\n` });
    const found = await xrole(["explain", "last", "--json"], { env: { HOME: home } });
    expect(found.status).toBe(0);
    expect(JSON.parse(found.stdout)).toMatchObject({ source: { kind: "environment" } });
    const broken = await xrole(["explain", "last"], { env: { HOME: home, AWS_CONFIG_FILE: `${home}/broken` } });
    expect(broken.status).toBe(78);
    expect(broken.stderr).toContain(`broken:${36_000 * 3 + 4}:`);
  });
});
