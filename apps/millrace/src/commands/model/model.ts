/** `millrace model`: models of PyTorch, ONNX, TensorFlow and MLIR. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { modelRun } from "./model-run.ts";
import { modelShow } from "./model-show.ts";

/** The `model` area. */
export const model: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { show: modelShow, run: modelRun },
  docs: { brief: "Models of PyTorch, ONNX, TensorFlow and MLIR: show, evaluate" },
});
