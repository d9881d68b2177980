// Four kinds of test: `unit` on the sources, `scenarios` on the built binary, `conformance` on vectors, `clients` on real peers.
import { defineConfig } from "vitest/config";

const SETUP = { setupFiles: ["test/harness/guard.mjs"], testTimeout: 30_000 };
const BUILT = { globalSetup: ["test/harness/build.ts"] };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/scenarios/**", "test/conformance/**", "test/clients/**"],
          ...SETUP,
        },
      },
      { test: { name: "scenarios", include: ["test/scenarios/**/*.test.ts"], ...SETUP, ...BUILT } },
      { test: { name: "conformance", include: ["test/conformance/**/*.test.ts"], ...SETUP } },
      {
        test: { name: "clients", include: ["test/clients/**/*.test.ts"], ...SETUP, ...BUILT, testTimeout: 120_000 },
      },
    ],
  },
});
