import type { BinaryOperation, SamBlock, UnaryOperation } from "../../graph.ts";
import { maximumArity } from "../../ports.ts";
import { messageIn, messagesIn, numberIn, stringIn, type TortillaMessage } from "../message.ts";
import {
  type ConvertedOperation,
  end,
  isTiled,
  named,
  type OpenEnd,
  type Refusal,
  simple,
  streamNumber,
  tiled,
} from "./stream-ends.ts";

const binary: Readonly<Record<string, BinaryOperation>> = {
  ...{ ADD: "add", SUB: "sub", MUL: "mul", DIV: "div", MAX: "max", ELEMMUL: "elemmul" },
};
const unary: Readonly<Record<string, UnaryOperation>> = {
  ...{ EXP: "exp", SIN: "sin", COS: "cos", RSQRT: "rsqrt", SIGMOID: "sigmoid" },
};
const withConstant: Readonly<Record<string, UnaryOperation>> = {
  ...{ MAX: "max", SCALARADD: "scalar-add", SCALARMUL: "scalar-mul", SCALARDIV: "scalar-div" },
};

export function convertAlu(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  if (isTiled(body)) return tiled("alu");
  const values = messageIn(body, "vals");
  if (values === undefined) return { refused: "it computes on coordinates" };
  const stages = messagesIn(body, "stages");
  const [stage] = stages;
  if (stage === undefined || stages.length > 1)
    return { refused: `${stages.length} stages (exactly one is supported)` };
  const operator = stringIn(stage, "op") || "ADD";
  const streams = messagesIn(values, "inputs");
  const order = Array.isArray(stage.inputs) ? (stage.inputs as readonly number[]) : streams.map((_, k) => k);
  if (order.length !== streams.length || order.some((k) => streams[k] === undefined)) {
    return { refused: `stage inputs ${order.join(", ")} of ${streams.length} streams` };
  }
  const output = end("val", "val", values, "output");
  const input = (k: number): number => streamNumber(streams[order[k] ?? 0]);
  if (streams.length === 2) {
    const operation = binary[operator];
    if (operation === undefined) return { refused: `${operator} of two streams` };
    const inputs = [0, 1].map((k): OpenEnd => ({ port: `val${k}`, kind: "val", stream: input(k) }));
    return simple({ ...named(id, body), type: "alu", operation }, inputs, [output]);
  }
  const operation = unary[operator] ?? withConstant[operator];
  if (streams.length !== 1 || operation === undefined) return { refused: `${operator} of ${streams.length} streams` };
  const constant = operator in withConstant ? { constant: numberIn(body, "scalar") } : {};
  const block: SamBlock = { ...named(id, body), type: "unary", operation, ...constant };
  return simple(block, [{ port: "val", kind: "val", stream: input(0) }], [output]);
}

export function convertSpacc(id: string, body: TortillaMessage): ConvertedOperation | Refusal {
  if (isTiled(body)) return tiled("spacc");
  const oldOuter = messageIn(body, "input_outer_crd");
  const outers = oldOuter === undefined ? messagesIn(body, "input_outer_crds") : [oldOuter];
  const order = numberIn(body, "order");
  if (order < 1 || order > maximumArity || outers.length !== order) {
    return { refused: `a sparse accumulator of order ${order} with ${outers.length} outer coordinate streams` };
  }
  const names = (body.outer_crds ?? body.outer_crd ?? []) as readonly string[];
  const indices = [stringIn(body, "inner_crd"), ...outers.map((_, k) => names[k] ?? "")];
  const outputs = messagesIn(body, "output_outer_crds").slice(0, order - 1);
  return simple(
    { ...named(id, body), type: "spacc", form: "fibers", order, indices },
    [
      end("crd0", "crd", body, "input_inner_crd"),
      ...outers.map((stream, k): OpenEnd => ({ port: `crd${k + 1}`, kind: "crd", stream: streamNumber(stream) })),
      end("val", "val", body, "input_val"),
    ],
    [
      end("crd0", "crd", body, "output_inner_crd"),
      ...outputs.map((stream, k): OpenEnd => ({ port: `crd${k + 1}`, kind: "crd", stream: streamNumber(stream) })),
      end("val", "val", body, "output_val"),
    ],
  );
}
