// What `xrole configure` writes, the AWS CLI reads: names, values and the role they lead to.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { secret } from "../harness/secrets.ts";
import { AWS, PEER_PATH, startMoto, type Moto } from "./peers.ts";

const KEYS = { AWS_ACCESS_KEY_ID: "AKIAHOST", AWS_SECRET_ACCESS_KEY: secret("secret-of-the-host") };
const CONFIG = `# mine\r
[profile theirs]\r
s3 =\r
  addressing_style = path\r
region = eu-west-1`;

let moto: Moto;
beforeAll(async () => {
  moto = await startMoto();
}, 60_000);
afterAll(() => moto.stop());

describe("the AWS CLI reads a profile named", () => {
  it.each(["b-s3", "my profile", "default", "é", `a"b'c\\d`, "a#b;c", "x.y/z@w:1", "$(id)`x"])("%s", async (name) => {
    const home = makeHome({ ".aws/config": CONFIG });
    const env = { PATH: PEER_PATH, HOME: home, AWS_ENDPOINT_URL: moto.url, AWS_EC2_METADATA_DISABLED: "true", ...KEYS };
    const role = "arn:aws:iam::222222222222:role/team/role-b-s3";
    const words = [
      "--role-arn",
      role,
      "--credential-source",
      "Environment",
      "--region",
      "us-west-2",
      "--session-name",
      "me",
    ];
    const written = await xrole(["configure", name, ...words], { env });
    expect(written.status, written.stderr).toBe(0);

    const aws = (...more: string[]): ReturnType<typeof xrole> =>
      xrole(["--profile", name, ...more], { command: AWS, env: { ...env, AWS_PROFILE: "" } });
    const read = await aws("configure", "get", "role_arn");
    expect(read.stdout, read.stderr).toBe(`${role}\n`);
    const who = await aws("sts", "get-caller-identity", "--query", "Arn", "--output", "text");
    expect(who.stdout, who.stderr).toBe("arn:aws:sts::222222222222:assumed-role/role-b-s3/me\n");
    const theirs = await xrole(["--profile", "theirs", "configure", "get", "s3.addressing_style"], {
      command: AWS,
      env,
    });
    expect(theirs.stdout, theirs.stderr).toBe("path\n");

    const gone = await xrole(["configure", name, "--region", "", "--session-name", ""], { env });
    expect(gone.status, gone.stderr).toBe(0);
    expect((await aws("configure", "get", "region")).stdout).toBe("");
  });
});
