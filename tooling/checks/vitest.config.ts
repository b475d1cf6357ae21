import shared from "@millrace/vitest";
import { mergeConfig } from "vitest/config";

// A report that is missing fails like one that is out of date: only `--update` writes.
export default mergeConfig(shared, { test: { update: "none" } });
