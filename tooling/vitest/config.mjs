// The one vitest configuration of the workspace: tests read sources, and each package leaves its counts for run.mjs to add up.
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const conditions = ["@millrace/source", "module", "node", "development|production"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    reporters: ["default", fileURLToPath(new URL("./counts-reporter.mjs", import.meta.url))],
    // Modules hold no state that a test could leave behind, and loading them again for every file takes as long as the tests.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
