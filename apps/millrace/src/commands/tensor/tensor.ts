/** `millrace tensor`: files of sparse and dense tensors. */
import { buildRouteMap, type RouteMap } from "@stricli/core";
import type { Invocation } from "../../cli/outcome.ts";
import { tensorConvert } from "./tensor-convert.ts";
import { tensorInfo } from "./tensor-info.ts";
import { tensorValidate } from "./tensor-validate.ts";

/** The `tensor` area. */
export const tensor: RouteMap<Invocation> = buildRouteMap<string, Invocation>({
  routes: { info: tensorInfo, convert: tensorConvert, validate: tensorValidate },
  docs: { brief: "Files of sparse and dense tensors: describe, convert, check" },
});
