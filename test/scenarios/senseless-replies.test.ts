// Replies that are wrong or meant to harm: refused with 70, and no half of them is printed.
import { describe, expect, it } from "vitest";
import { assumeRoleReply, containerReply, fakeAws, imds, sts, type Answer } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { xrole, type Run } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const profile = (source: string): string =>
  `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = ${source}\nregion = us-east-1\n`;

async function ask(answer: Answer): Promise<Run & { calls: number }> {
  const { url, asked } = await fakeAws(answer);
  const HOME = makeHome({ ".aws/config": profile("Environment") });
  const run = await xrole(["env", "p"], { env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
  return { ...run, calls: asked.length };
}

const fiftyMegabytes: Answer = (response) => {
  const chunk = Buffer.alloc(2 ** 20, "a");
  let sent = 0;
  const more = (): void => {
    while (sent++ < 50) if (!response.write(chunk)) return void response.once("drain", more);
    response.end();
  };
  more();
};

describe("an STS reply", () => {
  it.each(["tok'en", 'tok"en', "tok\nen", "tok\0en", "tok en", "tok`id`", "$(touch pwned)", "tok\\en"])(
    "with a token that a shell could read is refused: %j",
    async (token) => {
      const run = await ask((response, { body }) => void response.end(assumeRoleReply(body, { token })));
      expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
      expect(run.stderr).toContain("sent a reply that makes no sense");
    },
  );

  it.each(["soon", "2001-01-01T00:00:00Z", "", "99999", "2098-12-31T23:59:60Z"])(
    "with an Expiration of %j is refused",
    async (expiration) => {
      const run = await ask((response, { body }) => void response.end(assumeRoleReply(body, { expiration })));
      expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    },
  );

  it("that is HTML is refused", async () => {
    const run = await ask((response) => void response.end("<!doctype html><html><body>Welcome<br></body></html>"));
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls: 1 });
  });

  it("of 50 MB is refused before it is read", async () => {
    expect(await ask(fiftyMegabytes)).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls: 1 });
  });
});

describe("a redirect", () => {
  const redirectTo =
    (url: string): Answer =>
    (response) =>
      void response.writeHead(302, { location: `${url}/elsewhere` }).end();

  it("of STS is refused, and its target sees nothing", async () => {
    const target = await fakeAws(sts);
    expect(await ask(redirectTo(target.url))).toMatchObject({ status: 70, stdout: "(exit 70);\n", calls: 1 });
    expect(target.asked).toHaveLength(0);
  });

  it("of the instance is refused, and its target sees nothing", async () => {
    const target = await fakeAws(imds);
    const { url } = await fakeAws(redirectTo(target.url));
    const HOME = makeHome({ ".aws/config": profile("Ec2InstanceMetadata") });
    const run = await xrole(["env", "p"], { env: { HOME, AWS_EC2_METADATA_SERVICE_ENDPOINT: url } });
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    expect(target.asked).toHaveLength(0);
  });

  it("of the container is refused, and its target sees nothing", async () => {
    const target = await fakeAws((response) => void response.end(containerReply("EVIL")));
    const { url } = await fakeAws(redirectTo(target.url));
    const HOME = makeHome({ ".aws/config": profile("EcsContainer") });
    const run = await xrole(["env", "p"], {
      env: {
        HOME,
        AWS_CONTAINER_CREDENTIALS_FULL_URI: url,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: secret("container-token"),
      },
    });
    expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    expect(target.asked).toHaveLength(0);
  });
});

describe("an instance or container reply", () => {
  it.each([
    ["that is no JSON", "nope"],
    ["without a token", JSON.stringify({ ...JSON.parse(containerReply("X")), Token: undefined })],
    ["with a token that a shell could read", JSON.stringify({ ...JSON.parse(containerReply("X")), Token: "a'b" })],
    ["that never ends", JSON.stringify({ ...JSON.parse(containerReply("X")), Expiration: "2099-01-01T00:00:60Z" })],
  ])("%s is refused", async (_, body) => {
    const { url } = await fakeAws((response, asked, count) => {
      if (asked.url === "/creds" || asked.url.endsWith("/myrole")) response.end(body);
      else imds(response, asked, count);
    });
    for (const [source, env] of [
      ["EcsContainer", { AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/creds` }],
      ["Ec2InstanceMetadata", { AWS_EC2_METADATA_SERVICE_ENDPOINT: url }],
    ] as const) {
      const run = await xrole(["env", "p"], { env: { HOME: makeHome({ ".aws/config": profile(source) }), ...env } });
      expect(run).toMatchObject({ status: 70, stdout: "(exit 70);\n" });
    }
  });
});
