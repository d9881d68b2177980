// Profiles that name each other, thousands of them: an answer, and not one that takes minutes.
import { describe, expect, it } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { xrole } from "../../harness/run.ts";

const link = (at: number): string =>
  `[profile p${at}]\nrole_arn = arn:aws:iam::222222222222:role/r\nsource_profile = p${at + 1}\n`;
const chain = (count: number): string =>
  `${Array.from({ length: count }, (_, at) => link(at)).join("")}[profile p${count}]\ncredential_source = Environment\n`;

describe("a chain of profiles", () => {
  it("may be 32 long", async () => {
    const env = { HOME: makeHome({ ".aws/config": chain(32) }) };
    const run = await xrole(["explain", "p0", "--json"], { env });
    expect(JSON.parse(run.stdout)).toMatchObject({ source: { kind: "environment" } });
    expect((JSON.parse(run.stdout) as { hops: unknown[] }).hops).toHaveLength(32);
  });

  it("is an error beyond that, also for each of thousands", async () => {
    const env = { HOME: makeHome({ ".aws/config": chain(3000) }) };
    const run = await xrole(["explain", "p0"], { env });
    expect(run.status).toBe(78);
    expect(run.stderr).toContain('the chain of profile "p0" has more than 32 profiles');
    expect((await xrole(["list"], { env })).status).toBe(0);
  });
});
