import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, importModel, type ModelTensor, normalise, printSize } from "../../src/index.ts";
import { field, messageBytes, text, varint } from "../support/protobuf-writer.ts";

const f32 = (shape: readonly number[], values: ArrayLike<number>): ModelTensor => ({
  dtype: "f32",
  shape,
  values: Float64Array.from(values),
});
const count = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);
const rising = (shape: readonly number[], first = 0): ModelTensor =>
  f32(
    shape,
    Array.from({ length: count(shape) }, (_, k) => first + k),
  );
const ones = (shape: readonly number[]): ModelTensor => f32(shape, new Float64Array(count(shape)).fill(1));

/** Runs one ATen call on tensors; also holds the inferred shape to the one that comes out. */
async function aten(call: string, inputs: Readonly<Record<string, ModelTensor>>): Promise<ModelTensor> {
  const signature = Object.entries(inputs).map(([name, { shape }]) => `${name}: "f32[${shape.join(", ")}]"`);
  const program = `class GraphModule(torch.nn.Module):\n    def forward(self, ${signature.join(", ")}):\n        y = torch.ops.aten.${call}\n        return (y,)\n`;
  const graph = normalise(await importModel(new TextEncoder().encode(program), { name: "w.aten.txt" }));
  const [y] = (await evaluate(graph, inputs)).outputs;
  expect(graph.values.get("y")?.shape?.map(printSize)).toEqual(y!.shape.map(String));
  return y!;
}

/** A model of one ONNX node. */
function onnx(
  op: string,
  inputs: readonly (readonly [string, readonly number[]])[],
  attributes: readonly Uint8Array[],
) {
  const dims = (shape: readonly number[]) =>
    field(2, messageBytes(...shape.map((extent) => field(1, messageBytes(varint(1, extent))))));
  const value = (name: string, shape: readonly number[]) =>
    messageBytes(text(1, name), field(2, field(1, messageBytes(varint(1, 1), dims(shape)))));
  const names = inputs.map(([name]) => text(1, name));
  const node = messageBytes(...names, text(2, "y"), text(4, op), ...attributes.map((each) => field(5, each)));
  const graph = messageBytes(
    field(1, node),
    ...inputs.map(([name, shape]) => field(11, value(name, shape))),
    field(12, messageBytes(text(1, "y"))),
  );
  return messageBytes(varint(1, 8), field(7, graph), field(8, messageBytes(varint(2, 20))));
}
const integers = (name: string, ...values: number[]) =>
  messageBytes(text(1, name), ...values.map((value) => varint(8, value)));
const integer = (name: string, value: number) => messageBytes(text(1, name), varint(3, value));
const word = (name: string, value: string) => messageBytes(text(1, name), text(4, value));

async function onnxRun(op: string, inputs: Readonly<Record<string, ModelTensor>>, ...attributes: Uint8Array[]) {
  const bytes = onnx(
    op,
    Object.entries(inputs).map(([name, { shape }]) => [name, shape] as const),
    attributes,
  );
  const graph = await importModel(bytes, { name: "w.onnx" });
  return (await evaluate(graph, inputs)).outputs[0]!;
}

// Results are those of the examples in the specification of ONNX (operators Conv, AveragePool and MaxPool).
describe("an example of ONNX's specification gives its result:", () => {
  const W = ones([1, 1, 3, 3]);
  const kernel = integers("kernel_shape", 3, 3);

  it("a convolution with and without padding", async () => {
    const inputs = { X: rising([1, 1, 5, 5]), W };
    const padded = await onnxRun("Conv", inputs, kernel, integers("pads", 1, 1, 1, 1));
    expect([...padded.values]).toEqual([
      12, 21, 27, 33, 24, 33, 54, 63, 72, 51, 63, 99, 108, 117, 81, 93, 144, 153, 162, 111, 72, 111, 117, 123, 84,
    ]);
    const plain = await onnxRun("Conv", inputs, kernel);
    expect([...plain.values]).toEqual([54, 63, 72, 99, 108, 117, 144, 153, 162]);
  });

  it("a convolution with strides, padded evenly, not at all, and on one axis", async () => {
    const inputs = { X: rising([1, 1, 7, 5]), W };
    const strides = integers("strides", 2, 2);
    const even = await onnxRun("Conv", inputs, kernel, strides, integers("pads", 1, 1, 1, 1));
    expect([...even.values]).toEqual([12, 27, 24, 63, 108, 81, 123, 198, 141, 112, 177, 124]);
    const none = await onnxRun("Conv", inputs, kernel, strides);
    expect([...none.values]).toEqual([54, 72, 144, 162, 234, 252]);
    const one = await onnxRun("Conv", inputs, kernel, strides, integers("pads", 1, 0, 1, 0));
    expect([...one.values]).toEqual([21, 33, 99, 117, 189, 207, 171, 183]);
  });

  it("a convolution padded at the lower side", async () => {
    const inputs = { X: rising([1, 1, 5, 5]), W };
    const y = await onnxRun("Conv", inputs, kernel, integers("strides", 2, 2), word("auto_pad", "SAME_LOWER"));
    expect([...y.values]).toEqual([12, 27, 24, 63, 108, 81, 72, 117, 84]);
  });

  it("a mean over windows, padding counted or not", async () => {
    const inputs = { X: rising([1, 1, 5, 5], 1) };
    const settings = [integers("kernel_shape", 5, 5), integers("pads", 2, 2, 2, 2)];
    const y = await onnxRun("AveragePool", inputs, ...settings);
    expect([...y.values].slice(0, 10)).toEqual([7, 7.5, 8, 8.5, 9, 9.5, 10, 10.5, 11, 11.5]);
    const counted = await onnxRun("AveragePool", inputs, ...settings, integer("count_include_pad", 1));
    const expected = [2.52, 3.6, 4.8, 4.08, 3.24, 4.56, 6.4, 8.4, 7.04, 5.52];
    for (const [at, value] of expected.entries()) expect(counted.values[at]).toBeCloseTo(value, 5);
  });

  it("a maximum over windows, and one that sticks out", async () => {
    const padded = await onnxRun(
      "MaxPool",
      { X: rising([1, 1, 5, 5], 1) },
      integers("kernel_shape", 5, 5),
      integers("pads", 2, 2, 2, 2),
    );
    expect([...padded.values].slice(0, 10)).toEqual([13, 14, 15, 15, 15, 18, 19, 20, 20, 20]);
    const ceil = await onnxRun(
      "MaxPool",
      { X: rising([1, 1, 4, 4], 1) },
      integers("kernel_shape", 3, 3),
      integers("strides", 2, 2),
      integer("ceil_mode", 1),
    );
    expect([ceil.shape, [...ceil.values]]).toEqual([
      [1, 1, 2, 2],
      [11, 12, 15, 16],
    ]);
  });

  it("pools over all there is", async () => {
    const X = rising([2, 2, 2, 3]);
    expect([...(await onnxRun("GlobalAveragePool", { X })).values]).toEqual([2.5, 8.5, 14.5, 20.5]);
    expect((await onnxRun("GlobalMaxPool", { X })).shape).toEqual([2, 2, 1, 1]);
  });
});

/** A convolution by its definition, place by place. */
function convolution(
  x: ModelTensor,
  w: ModelTensor,
  how: { stride: number; pad: number; dilation: number; groups: number },
) {
  const { stride, pad, dilation, groups } = how;
  const [n = 0, c = 0, h = 0, v = 0] = x.shape;
  const [o = 0, depth = 0, kh = 0, kw = 0] = w.shape;
  const out = (extent: number, k: number) => Math.floor((extent + 2 * pad - dilation * (k - 1) - 1) / stride) + 1;
  const [oh, ow] = [out(h, kh), out(v, kw)];
  const values: number[] = [];
  for (let b = 0; b < n; b++)
    for (let f = 0; f < o; f++)
      for (let i = 0; i < oh; i++)
        for (let j = 0; j < ow; j++) {
          let sum = 0;
          for (let d = 0; d < depth; d++)
            for (let p = 0; p < kh; p++)
              for (let q = 0; q < kw; q++) {
                const [row, column] = [i * stride + p * dilation - pad, j * stride + q * dilation - pad];
                if (row < 0 || row >= h || column < 0 || column >= v) continue;
                const channel = Math.floor(f / (o / groups)) * depth + d;
                sum +=
                  x.values[((b * c + channel) * h + row) * v + column]! *
                  w.values[((f * depth + d) * kh + p) * kw + q]!;
              }
          values.push(sum);
        }
  return { shape: [n, o, oh, ow], values };
}

const integerTensor = (shape: readonly number[]): fc.Arbitrary<ModelTensor> =>
  fc
    .array(fc.integer({ min: -4, max: 4 }), { minLength: count(shape), maxLength: count(shape) })
    .map((values) => f32(shape, values));

describe("a convolution of PyTorch", () => {
  it("is its definition, whatever stride, padding, dilation and groups", async () => {
    const small = fc.integer({ min: 1, max: 3 });
    const drawn = fc
      .record({
        n: small,
        depth: small,
        each: small,
        groups: small,
        kh: small,
        kw: small,
        stride: small,
        dilation: small,
      })
      .chain(({ n, depth, each, groups, kh, kw, stride, dilation }) =>
        fc.record({
          x: integerTensor([n, depth * groups, 7, 8]),
          w: integerTensor([each * groups, depth, kh, kw]),
          how: fc.record({
            stride: fc.constant(stride),
            dilation: fc.constant(dilation),
            groups: fc.constant(groups),
            pad: fc.integer({ min: 0, max: 2 }),
          }),
        }),
      );
    await fc.assert(
      fc.asyncProperty(drawn, async ({ x, w, how }) => {
        const { stride, pad, dilation, groups } = how;
        const lists = [stride, pad, dilation].map((each) => `[${each}, ${each}]`).join(", ");
        const y = await aten(`conv2d.default(x, w, None, ${lists}, ${groups})`, { x, w });
        const expected = convolution(x, w, how);
        expect([y.shape, [...y.values]]).toEqual([expected.shape, expected.values]);
      }),
      { seed: 3, numRuns: 60 },
    );
  });

  it("takes a bias, one axis, no batch, and padding by name", async () => {
    const x = f32([2, 5], [1, 2, 3, 4, 5, 10, 20, 30, 40, 50]);
    const w = f32([1, 2, 3], [1, 1, 1, 0, 1, 0]);
    const y = await aten("conv1d.default(x, w, b, [1], [1])", { x, w, b: f32([1], [100]) });
    expect([y.shape, [...y.values]]).toEqual([
      [1, 5],
      [113, 126, 139, 152, 159],
    ]);
    const same = await aten("conv1d.padding(x, w, None, [1], 'same')", { x, w });
    expect([...same.values]).toEqual([13, 26, 39, 52, 59]);
  });

  it("with channels that do not fit its weights is refused", async () => {
    const call = aten("conv2d.default(x, w)", { x: ones([1, 3, 4, 4]), w: ones([2, 2, 2, 2]) });
    await expect(call).rejects.toThrow("3 channels in 1 groups, weights of 2 x 2 x 2 x 2");
  });
});

describe("a pool of PyTorch", () => {
  it("has the kernel for its stride, and counts padding unless told", async () => {
    const x = rising([1, 4, 4]);
    expect([...(await aten("max_pool2d.default(x, [2, 2])", { x })).values]).toEqual([5, 7, 13, 15]);
    const mean = await aten("avg_pool2d.default(x, [2, 2], [2, 2], [1, 1])", { x });
    expect([...mean.values].slice(0, 3)).toEqual([0, 0.75, 0.75]);
    const bare = await aten("avg_pool2d.default(x, [2, 2], [2, 2], [1, 1], False, False)", { x });
    expect([...bare.values].slice(0, 3)).toEqual([0, 1.5, 3]);
  });

  it("to one place is over all there is, to more is refused", async () => {
    const x = rising([1, 2, 2, 2]);
    expect([...(await aten("adaptive_avg_pool2d.default(x, [1, 1])", { x })).values]).toEqual([1.5, 5.5]);
    await expect(aten("adaptive_avg_pool2d.default(x, [2, 2])", { x })).rejects.toThrow("more than one place");
  });
});

describe("a convolution of TensorFlow", () => {
  const attr = (key: string, value: string) => `attr { key: "${key}" value { ${value} } }`;
  const placeholder = (name: string, shape: readonly number[]) =>
    `node { name: "${name}" op: "Placeholder" ${attr("dtype", "type: DT_FLOAT")} ${attr("shape", `shape { ${shape.map((size) => `dim { size: ${size} }`).join(" ")} }`)} }`;
  const strides = attr("strides", "list { i: 1 i: 2 i: 2 i: 1 }");
  const run = async (node: string, inputs: Readonly<Record<string, ModelTensor>>) => {
    const nodes = Object.entries(inputs).map(([name, { shape }]) => placeholder(name, shape));
    const graph = await importModel(new TextEncoder().encode([...nodes, node].join("\n")), { name: "g.pbtxt" });
    return (await evaluate(graph, inputs)).outputs[0]!;
  };

  it("has its channels last, pads the far side first, and may be fused with what follows", async () => {
    const x = rising([1, 4, 4, 1]);
    const w = ones([3, 3, 1, 2]);
    const b = f32([2], [-100, 1]);
    const same = attr("padding", 's: "SAME"');
    const node = `node { name: "y" op: "_FusedConv2D" input: "x" input: "w" input: "b" ${strides} ${same} ${attr("fused_ops", 'list { s: "BiasAdd" s: "Relu" }')} }`;
    const y = await run(node, { x, w, b });
    // Sums over rows 0-2 and 2-4, columns 0-2 and 2-4, of 0 … 15 in rows of four.
    expect([y.shape, [...y.values]]).toEqual([
      [1, 2, 2, 2],
      [0, 46, 0, 40, 0, 67, 0, 51],
    ]);
  });

  it("by channel multiplies each channel by filters of its own", async () => {
    const x = f32([1, 2, 2, 2], [1, 10, 2, 20, 3, 30, 4, 40]);
    const w = f32([2, 2, 2, 1], [1, 1, 1, 0, 1, 0, 1, 0]);
    const node = `node { name: "y" op: "DepthwiseConv2dNative" input: "x" input: "w" ${attr("strides", "list { i: 1 i: 1 i: 1 i: 1 }")} ${attr("padding", 's: "VALID"')} }`;
    const y = await run(node, { x, w });
    expect([y.shape, [...y.values]]).toEqual([
      [1, 1, 1, 2],
      [10, 10],
    ]);
  });

  it("leaves padding out of the mean of a pool", async () => {
    const node = `node { name: "y" op: "AvgPool" input: "x" ${strides} ${attr("ksize", "list { i: 1 i: 3 i: 3 i: 1 }")} ${attr("padding", 's: "SAME"')} }`;
    const y = await run(node, { x: rising([1, 4, 4, 1]) });
    expect([...y.values]).toEqual([5, 6.5, 11, 12.5]);
  });
});
