/** Flags that commands of `embed` share. */
import type { OptimizationLevel } from "@millrace/ember-dae";
import { MillraceError } from "../../errors.ts";

/** The `--opt` flag. */
export const optFlag: {
  readonly kind: "parsed";
  readonly parse: (text: string) => OptimizationLevel;
  readonly brief: string;
  readonly placeholder: string;
  readonly default: string;
} = {
  kind: "parsed",
  parse: (text) => {
    if (!/^[0-3]$/.test(text)) throw new MillraceError("argument", `must be 0, 1, 2 or 3, not "${text}"`);
    return Number(text) as OptimizationLevel;
  },
  brief: "0 none, 1 vectors, 2 buffers, 3 queues and stores",
  placeholder: "N",
  default: "3",
};

/** The MODEL argument. */
export const modelArgument: {
  readonly brief: string;
  readonly placeholder: string;
  readonly parse: (text: string) => string;
} = { brief: "A model (.pt2, .onnx, .pb, model.json) or a loop nest (.mlir)", placeholder: "MODEL", parse: String };
