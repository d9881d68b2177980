// The XML of STS's replies: what the AWS SDKs read is read, and anything else is refused cleanly, with the field that is wrong.
import { describe, expect, it } from "vitest";
import { assumeRoleReply, fakeAws } from "../../harness/fake-aws.ts";
import { makeHome } from "../../harness/home.ts";
import { xrole, type Run } from "../../harness/run.ts";
import { secret } from "../../harness/secrets.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAENV", AWS_SECRET_ACCESS_KEY: secret("secret-of-env") };
const CONFIG = `[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\nregion = us-east-1\n`;

async function ask(change: (reply: string) => string): Promise<Run> {
  const { url } = await fakeAws((response, { body }) => void response.end(change(assumeRoleReply(body))));
  const HOME = makeHome({ ".aws/config": CONFIG });
  return xrole(["credential-process", "p"], { env: { HOME, ...KEYS, AWS_ENDPOINT_URL_STS: url } });
}

const expiring = (text: string) => (reply: string) => reply.replace(/<Expiration>.*<\/Expiration>/, text);

describe("an Expiration", () => {
  it.each([
    ["that is missing", ""],
    ["that is empty", "<Expiration></Expiration>"],
    ["without an end tag", "<Expiration/>"],
    ["that is not a timestamp", "<Expiration>tomorrow</Expiration>"],
    ["that is a number", "<Expiration>99999</Expiration>"],
    ["of a month that does not exist", "<Expiration>2099-13-01T00:00:00Z</Expiration>"],
    ["that holds another element", "<Expiration><Time>2099-01-01T00:00:00Z</Time></Expiration>"],
    [
      "that is there twice",
      "<Expiration>2099-01-01T00:00:00Z</Expiration><Expiration>2098-01-01T00:00:00Z</Expiration>",
    ],
  ])("%s is named", async (_, text) => {
    const run = await ask(expiring(text));
    expect(run).toMatchObject({ status: 70, stdout: "" });
    expect(run.stderr).toContain("sent a reply that makes no sense: Expiration is missing or not a timestamp\n");
  });

  it.each([
    ["2099-01-01T00:00:00.123Z", "2099-01-01T00:00:00Z"],
    ["2099-01-01T02:00:00+02:00", "2099-01-01T00:00:00Z"],
    [" 2099-01-01T00:00:00Z\n", "2099-01-01T00:00:00Z"],
    ["2099-01-01 00:00:00Z", "2099-01-01T00:00:00Z"],
  ])("of %j is read", async (text, expected) => {
    const { status, stdout } = await ask(expiring(`<Expiration>${text}</Expiration>`));
    expect(status).toBe(0);
    expect(stdout).toContain(`"Expiration":"${expected}"`);
  });
});

describe("XML", () => {
  it.each([
    ["a byte order mark", (reply: string) => `\uFEFF${reply}`],
    ["a declaration", (reply: string) => `<?xml version="1.0" encoding="UTF-8"?>\n${reply}`],
    ["attributes", (reply: string) => reply.replace("<Credentials>", '<Credentials kind="session">')],
    ["entities", (reply: string) => reply.replace("ASIAr", "&#65;SIA&#x72;")],
  ])("with %s is read", async (_, change) => {
    const { status, stdout } = await ask(change);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ AccessKeyId: "ASIAr", Expiration: "2099-01-01T00:00:00Z" });
  });

  const OTHER = "<Expiration>2001-01-01T00:00:00Z</Expiration>";
  it.each([
    ["a comment", (reply: string) => reply.replace("<Credentials>", `<Credentials><!-- ${OTHER} -->`)],
    ["CDATA", (reply: string) => reply.replace("ASIAr", "<![CDATA[ASIAr]]>")],
    ["a DOCTYPE", (reply: string) => `<!DOCTYPE x [<!ENTITY e "ASIAEVIL">]>${reply.replace("ASIAr", "&e;")}`],
    ["a namespace prefix", (reply: string) => reply.replace(/<(\/?)(\w)/g, "<$1sts:$2")],
    ["prefixed credentials", (reply: string) => reply.replace(/<(\/?)Credentials/g, "<$1sts:Credentials")],
    ["two sets of credentials", (reply: string) => reply.replace(/<Credentials>.*<\/Credentials>/s, "$&$&")],
    ["an end tag missing", (reply: string) => reply.replace("</Credentials>", "")],
    ["nothing in it", () => "<AssumeRoleResponse/>"],
    ["half of it missing", (reply: string) => reply.slice(0, 300)],
  ])("with %s is refused", async (_, change) => {
    const run = await ask(change);
    expect(run).toMatchObject({ status: 70, stdout: "" });
    expect(run.stderr).toContain("sent a reply that makes no sense: ");
  });
});
