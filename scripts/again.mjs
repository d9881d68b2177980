// Runs test files again and again in one vitest, whose start takes longer than most of them: for mutate.mjs, which forks it in its
// copy of the tree. Each message names the file that has changed; the answer is whether every test passed.
import { createVitest } from "vitest/node";

const tests = process.argv.slice(2);
const vitest = await createVitest("test", { watch: false, bail: 1, reporters: [{}], maxWorkers: 2 });
for (const { config } of vitest.projects) config.testTimeout = 10_000;
const wanted = (await vitest.globTestSpecifications(tests)).filter(({ project }) => project.name !== "scenarios");
process.on("message", async (changed) => {
  vitest.invalidateFile(changed);
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications(wanted);
  process.send(testModules.length > 0 && unhandledErrors.length === 0 && testModules.every((one) => one.ok()));
});
