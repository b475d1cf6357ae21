import shared from "@millrace/vitest";
import { mergeConfig } from "vitest/config";

export default mergeConfig(shared, { oxc: { jsx: { runtime: "automatic", importSource: "preact" } } });
