import { describe, expect, it } from "vitest";
import { importModel, type ModelGraph, normalise, passes, printSize } from "../../src/index.ts";
import { operators } from "../support/recorded.ts";
import { sample } from "../support/samples.ts";

const aten = (body: string, signature = 'self, a: "f32[4, 3]", b: "f32[3, 2]"'): Uint8Array =>
  new TextEncoder().encode(
    `class GraphModule(torch.nn.Module):\n    def forward(${signature}):\n${body.replace(/^/gm, "        ")}\n`,
  );
const read = (body: string, signature?: string) => importModel(aten(body, signature), { name: "a.aten.txt" });
const run = (graph: ModelGraph, name: string) => passes[name]?.(graph) ?? graph;

describe("a pass", () => {
  it("drops nodes that no output needs, and keeps inputs", async () => {
    const graph = await read(
      'm: "f32[4, 2]" = torch.ops.aten.mm.default(a, b)\nn: "f32[4, 2]" = torch.ops.aten.exp.default(m)\nreturn (m,)',
    );
    expect(operators(run(graph, "drop-dead-code"))).toEqual(["matmul"]);
    expect(run(graph, "drop-dead-code").inputs).toEqual(["a", "b"]);
  });

  it("computes equal nodes once", async () => {
    const graph = await read(
      'm: "f32[4, 3]" = torch.ops.aten.exp.default(a)\nn: "f32[4, 3]" = torch.ops.aten.exp.default(a)\ns: "f32[4, 3]" = torch.ops.aten.add.Tensor(m, n)\nreturn (s,)',
    );
    expect(run(graph, "merge-common").nodes.map(({ op, inputs }) => [op, ...inputs])).toEqual([
      ["exp", "a"],
      ["add", "m", "m"],
    ]);
  });

  it("counts axes from the front and turns exchanges into permutations", async () => {
    const graph = await read(
      'm: "f32[4, 3]" = torch.ops.aten.softmax.int(a, -1)\nn: "f32[3, 4]" = torch.ops.aten.transpose.int(m, -1, -2)\nreturn (n,)',
    );
    expect(run(graph, "canonical-axes").nodes.map(({ attributes }) => attributes)).toEqual([
      { axis: 1 },
      { axes: [1, 0] },
    ]);
  });

  it("drops casts to the same type and reshapes to the same shape", async () => {
    const graph = await read(
      'm: "f32[4, 3]" = torch.ops.aten._to_copy.default(a, dtype = torch.float32)\nn: "f32[4, 3]" = torch.ops.aten.view.default(m, [4, 3])\no: "f32[4, 3]" = torch.ops.aten.exp.default(n)\nreturn (o,)',
    );
    expect(operators(run(graph, "drop-no-ops"))).toEqual(["exp"]);
  });

  it("infers shapes and folds sizes of a traced graph from the types of its inputs", async () => {
    const types = { X: "f32[6, 8]", x: "f32[6, 8]" };
    const text =
      "graph():\n    %x : [num_users=2] = placeholder[target=X]\n    %s : [num_users=1] = call_function[target=builtins.getattr](args = (%x, shape), kwargs = {})\n" +
      "    %n : [num_users=1] = call_function[target=operator.getitem](args = (%s, 1), kwargs = {})\n    %h : [num_users=1] = call_function[target=operator.floordiv](args = (%n, 2), kwargs = {})\n" +
      "    %v : [num_users=1] = call_method[target=view](args = (%x, -1, 2, %h), kwargs = {})\n    return v\n";
    const graph = normalise(await importModel(new TextEncoder().encode(text), { name: "a.fx.txt", types }));
    expect(graph.nodes).toHaveLength(1);
    expect(graph.nodes[0]).toMatchObject({ op: "reshape", attributes: { shape: [-1, 2, 4] } });
    expect(graph.values.get("v")?.shape?.map(printSize)).toEqual(["6", "2", "4"]);
  });

  it("keeps symbols in inferred shapes", async () => {
    const graph = await importModel(sample("torch/gcn_layer_dynamic.pt2"), { name: "dynamic.pt2" });
    const bare: ModelGraph = {
      ...graph,
      values: new Map(
        [...graph.values].map(([name, value]) => [
          name,
          graph.inputs.includes(name) ? value : { ...value, shape: undefined },
        ]),
      ),
    };
    expect(run(bare, "infer-shapes").values.get("matmul_1")?.shape?.map(printSize)).toEqual(["s29", "8"]);
  });

  it.each(["gpt_decoder_bigbird.pt2", "graphsage2_pyg.pt2", "graphsage2_pyg.onnx"])(
    "changes nothing the second time: %s",
    async (name) => {
      const once = normalise(await importModel(sample(`torch/${name}`), { name }));
      expect(normalise(once)).toEqual(once);
    },
  );
});
