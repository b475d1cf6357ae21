import { it } from "vitest";
import { mustRun } from "../src/run-tool.ts";

it("Biome finds nothing to correct in any file (to correct: npx biome check --write)", async () => {
  await mustRun("biome", ["ci", "--error-on-warnings", "--colors=off", "."]);
});
