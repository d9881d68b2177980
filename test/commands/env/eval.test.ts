// `xrole env` in a script: what an eval of it sets, and that a failure stops the script.
import { describe, expect, it } from "vitest";
import { makeHome } from "../../harness/home.ts";
import { shell, xrole } from "../../harness/run.ts";
import { KEYS, world } from "../../harness/role-world.ts";
import { home } from "../../harness/listed-profiles.ts";

describe("env", () => {
  it.each([["sh"], ["bash"], ["dash"]])("survives an unquoted eval in %s", async (name) => {
    const { env } = await world();
    const script = 'set -e; eval $(xrole env b-s3); echo "$AWS_ACCESS_KEY_ID $AWS_DEFAULT_REGION $XROLE_PROFILE"';
    const run = await shell(script, { shell: [name], env: { ...env, ...KEYS } });
    expect(run).toMatchObject({ status: 0, stdout: "ASIArolebs3 us-east-1 b-s3\n", stderr: "" });
  });

  it("stops a script when it fails, with its own status", async () => {
    const { env } = await world();
    for (const words of ["env nope", "env --nonsense", "env b-s3 surplus"]) {
      const run = await shell(`set -e; eval $(xrole ${words}); echo went on`, { env: { ...env, ...KEYS } });
      expect(run.status).toBe(words === "env nope" ? 78 : 64);
      expect(run.stdout).toBe("");
    }
    const failed = await xrole(["env", "nope"], { env });
    expect(failed).toMatchObject({ status: 78, stdout: "(exit 78);\n" });
  });
});

describe("a script that evaluates what env prints", () => {
  it("stops where an option stands before the command, and where its folder has been removed", async () => {
    const early = await shell('set -e; eval "$(xrole --region us-east-1 env keys)"; echo went on', { env: home() });
    expect(early).toMatchObject({ status: 64, stdout: "" });
    const gone = await shell('mkdir gone; cd gone; rmdir ../gone; set -e; eval "$(xrole env keys)"; echo went on', {
      env: home(),
      cwd: makeHome(),
    });
    expect(gone).toMatchObject({ status: 78, stdout: "" });
    expect(gone.errors.at(-1)?.code).toBe("working-folder-gone");
  });
});
