// Writing beside somebody who knows no lock: an editor, or `aws configure`.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { writeChange } from "../../../../src/commands/shared/change-config.ts";
import { saveConfig } from "../../../../src/config/edit/save.ts";
import { processContext } from "../../../../src/context/process.ts";
import type { Context } from "../../../../src/context/types.ts";
import type { XroleError } from "../../../../src/errors/error.ts";
import { makeHome } from "../../../harness/home.ts";

const CONFIG = "[profile p]\nrole_arn = arn:aws:iam::222222222222:role/r\ncredential_source = Environment\n";
const EDIT = { profile: "p", settings: new Map([["region", "us-east-1"]]) };

/** A context in which `meanwhile` runs each time a plan is made: between reading the file and writing it. */
function contextOf(HOME: string, meanwhile: () => void): Context {
  const caller = (): { user: string; host: string } => {
    meanwhile();
    return { user: "u", host: "h" };
  };
  return { ...processContext(), env: { HOME }, caller };
}

describe("a change that somebody else makes meanwhile", () => {
  it("is read again, and both stay", async () => {
    const home = makeHome({ ".aws/config": CONFIG });
    const file = join(home, ".aws/config");
    let count = 0;
    const context = contextOf(home, () => {
      count++;
      // The first plan is the refusal's, before the lock is taken.
      if (count === 2 || count === 3) writeFileSync(file, `${readFileSync(file, "utf8")}# note ${count}\n`);
    });
    await writeChange(context, EDIT);
    expect(readFileSync(file, "utf8")).toBe(`${CONFIG}region = us-east-1\n# note 2\n# note 3\n`);
    expect(count).toBe(4);
    expect(readdirSync(join(home, ".aws"))).toEqual(["config"]);
  });

  it("without end is an error, and theirs stays", async () => {
    const home = makeHome({ ".aws/config": CONFIG });
    const file = join(home, ".aws/config");
    const context = contextOf(home, () => writeFileSync(file, `${readFileSync(file, "utf8")}#\n`));
    await expect(writeChange(context, EDIT)).rejects.toThrow(
      expect.objectContaining({ code: "config-changed", status: 75 }) as XroleError,
    );
    expect(readFileSync(file, "utf8")).not.toContain("us-east-1");
    expect(readdirSync(join(home, ".aws"))).toEqual(["config"]);
  });

  it("such as making a file where there was none is not lost either", () => {
    const path = join(makeHome({ config: "# theirs\n" }), "config");
    expect(() => saveConfig({ path, shown: path, before: undefined, after: "mine" })).toThrow(
      expect.objectContaining({ code: "config-changed" }) as XroleError,
    );
    expect(readFileSync(path, "utf8")).toBe("# theirs\n");
  });
});
