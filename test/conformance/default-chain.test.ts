// The default chain as botocore was seen to decide it; test/clients/default-chain.test.ts lets it decide again.
import { describe, expect, it } from "vitest";
import { environmentOf, everything, expectedKey, filesOf, recorded } from "../harness/default-chain.ts";
import { fakeAws } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { commandLine } from "./support/command-line.ts";

const { judge, situations } = recorded();

describe(`the default chain as ${judge} decides it`, () => {
  it.each(situations)("$id: $says", async (situation) => {
    const { url } = await fakeAws(everything);
    const root = makeHome(filesOf(situation));
    const env = { PATH: process.env.PATH ?? "", ...environmentOf(situation, root, url) };
    const { status, stdout, stderr } = await commandLine(["credential-process"], { env, cwd: root });
    const key = status === 0 ? (JSON.parse(stdout) as { AccessKeyId: string }).AccessKeyId : "error";
    expect(key, stderr).toBe(expectedKey(situation));
  });
});
