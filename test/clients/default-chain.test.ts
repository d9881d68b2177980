// In each situation of the default chain botocore decides again, and xrole hands out the key that botocore signs with.
// XROLE_RECORD=1 writes down what botocore decides.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { environmentOf, everything, expectedKey, filesOf, recorded, RECORDED } from "../harness/default-chain.ts";
import { fakeAws, type Asked } from "../harness/fake-aws.ts";
import { makeHome } from "../harness/home.ts";
import { xrole } from "../harness/run.ts";
import { PEER_PATH, PYTHON } from "./peers.ts";

const SCRIPT = join(import.meta.dirname, "decide.py");
const isRecording = process.env.XROLE_RECORD === "1";
const { judge, situations } = recorded();
const decided = new Map<string, string>();
let version = judge;

describe("botocore and xrole agree on the key", () => {
  it.each(situations)("$id: $says", async (situation) => {
    const aws = await fakeAws(everything);
    const root = makeHome(filesOf(situation));
    const env = { PATH: PEER_PATH, ...environmentOf(situation, root, aws.url) };
    const judged = await xrole([SCRIPT], { command: PYTHON, cwd: root, env });
    const botocore = signer(aws.asked);
    version = judged.stdout.trim();
    decided.set(situation.id, botocore);
    expect(botocore === "error", judged.stderr).toBe(judged.status !== 0);
    if (!isRecording) expect(botocore, judged.stderr).toBe(situation.botocore);

    const own = await xrole(["credential-process", "--no-cache"], { cwd: root, env });
    const key = own.status === 0 ? (JSON.parse(own.stdout) as { AccessKeyId: string }).AccessKeyId : "error";
    expect(key, own.stderr).toBe(expectedKey({ ...situation, botocore }));
  });
});

afterAll(() => {
  if (!isRecording || decided.size !== situations.length) return;
  const text = { judge: version, situations: situations.map((one) => ({ ...one, botocore: decided.get(one.id) })) };
  writeFileSync(RECORDED, `${JSON.stringify(text, null, 2)}\n`);
});

/** Whose key the script's one request was signed with. */
function signer(asked: readonly Asked[]): string {
  const request = asked.find(({ body }) => body.includes("Action=GetCallerIdentity"));
  return /Credential=([^/]+)\//.exec(request?.headers.authorization ?? "")?.[1] ?? "error";
}
