// Four kinds of test: `unit` on the sources, `scenarios` (commands/ and themes/) on the built binary, `conformance` on vectors, `clients` on real peers.
import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const SETUP = {
  setupFiles: ["test/harness/guard.ts"],
  // Only what hangs gets there. How long something may take is said by the test: of processor time, or of a share of the machine (run.ts).
  testTimeout: 180_000,
  hookTimeout: 180_000,
  env: {
    // The SDK tells Node 20's users to upgrade; the binary's own silence about it is tested without this.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    // What inherits the environment of a test (fish makes folders in its home) finds no home of anybody's.
    HOME: "/dev/null",
  },
};
const BUILT = { globalSetup: ["test/harness/build.ts"] };

export default defineConfig({
  test: {
    // Most tests wait for a process that they started.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/commands/**", "test/themes/**", "test/conformance/**", "test/clients/**"],
          ...SETUP,
        },
      },
      {
        test: {
          name: "scenarios",
          include: ["test/commands/**/*.test.ts", "test/themes/**/*.test.ts"],
          ...SETUP,
          ...BUILT,
        },
      },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], ...SETUP } },
      {
        test: { name: "clients", include: ["test/clients/**/*.test.ts"], ...SETUP, ...BUILT },
      },
    ],
  },
});
