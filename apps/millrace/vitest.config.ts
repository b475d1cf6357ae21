import shared from "@millrace/vitest";
import { mergeConfig } from "vitest/config";

// The largest suite runs longest, and by itself at the end: it takes every processor, not all but one.
export default mergeConfig(shared, { test: { maxWorkers: "100%" } });
