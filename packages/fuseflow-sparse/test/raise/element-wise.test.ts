import { evaluate, importModel, type ModelTensor, normalise } from "@millrace/model-import";
import { pack, parseFormat, spread, uniformTensor } from "@millrace/tensor";
import { expect, test } from "vitest";
import { raiseModel } from "../../src/raise/raise-model.ts";
import { checkedRun, denseOf } from "../support/compile-runs.ts";

const calls = [
  "leaky_relu.default(a, 0.25)",
  "square.default(a)",
  "abs.default(a)",
  "silu.default(a)",
  "neg.default(a)",
  "clamp.default(a, -0.5, 0.75)",
  "clamp.default(a, None, 0.5)",
  "minimum.default(a, b)",
  "maximum.default(a, b)",
  "rsub.Scalar(a, 3)",
  "pow.Tensor_Scalar(a, 2)",
  "sub.Tensor(a, 2)",
  "div.Tensor(a, 4)",
];

// Entries that are not stored are zeros: -3 becomes a result of `rsub`, and so on.
test.each(calls)("%s gives what its reference evaluation gives, at zeros too", async (call) => {
  const text = `class GraphModule(torch.nn.Module):\n    def forward(self, a: "f64[5, 6]", b: "f64[5, 6]"):\n        y: "f64[5, 6]" = torch.ops.aten.${call}\n        return (y,)\n`;
  const graph = normalise(await importModel(new TextEncoder().encode(text), { name: "y.aten.txt" }));
  const { program } = raiseModel(graph);
  const lists = [1, 2].map((seed) => {
    const list = uniformTensor({ shape: [5, 6], entries: 14, seed, values: "quarters" });
    return { ...list, values: Float64Array.from(list.values, (value, at) => (at % 2 === 0 ? -value : value)) };
  });
  const operands = Object.fromEntries(
    program.inputs.map(({ name }) => [name, pack(lists[name === "a" ? 0 : 1]!, parseFormat("ds", 2))]),
  );
  const regions = program.statements.map(({ tensor }) => ({ name: tensor, tensors: [tensor] }));
  const { run } = checkedRun(program, operands, { regions });
  const dense = lists.map(
    (list): ModelTensor => ({ dtype: "f64", shape: list.shape, values: Float64Array.from(spread(list).values) }),
  );
  const { outputs } = await evaluate(graph, dense);
  const found = [...denseOf(run.tensors.get(program.outputs[0]!)!)];
  expect(found.map((value) => value + 0)).toEqual(
    [...outputs[0]!.values].map((value) => expect.closeTo(value + 0, 12)),
  );
});
