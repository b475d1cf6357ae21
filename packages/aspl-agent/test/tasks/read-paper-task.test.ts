import { describe, expect, it } from "vitest";
import { AsplError, drawExpectedSets, readPaperTask, readTasks, Verifier } from "../../src/index.ts";

const row = "Buffer(fp32, [D])";

/** A task of one fold in the paper's form, with some things changed. */
function document(changes: object = {}): object {
  return {
    test_name: "row-sums",
    inputs: [{ name: "E0", dtype: "fp32", dims: ["D", "N"], data_gen: "torch.randn" }],
    fns: [
      {
        name: "Add",
        func_name: "fn_add",
        apply: "return [state[0] + input[0]]\n",
        init: [0],
        input_dtype: "fp32",
        output_dtype: "fp32",
      },
    ],
    outputs: [{ name: "S0", dtype: "fp32", dims: ["N"], data_transform: ["input_data['E0'].sum(-1)"] }],
    impl: "S = step.Accum(fn=fn_add, b=1).apply(E0)\nreturn S\n",
    ...changes,
  };
}

/** The formulas of a function of a row and a number with this body. */
function formulasOf(apply: string, changes: object = {}): readonly string[] {
  const parameters = [
    { name: "W", dtype: "fp32", dims: ["D", "D"] },
    { name: "w", dtype: "fp32", dims: ["D"] },
  ];
  const fn = { name: "F", func_name: "fn_f", apply, input_dtype: [row, "fp32"], output_dtype: row, ...changes };
  const global = "E_value = 2\nctx[E] = E_value\ngelu = torch.nn.GELU()\nsoftmax = torch.nn.Softmax(dim=-1)\n";
  return readPaperTask(document({ global, parameters, fns: [fn], impl: undefined })).task.fns[0]!.expr;
}

describe("a task in the paper's form", () => {
  it("is the task that its functions and its program say", () => {
    const { task, json } = readPaperTask(document());
    expect(readTasks(JSON.parse(JSON.stringify(json)))).toEqual([task]);
    expect(task).toMatchObject({ id: "row-sums", dims: { M: 5, N: 7, K: 9, D: 16 }, experts: null });
    expect(task.fns).toMatchObject([
      { name: "fn_add", kind: "fold", in: "f32", out: "f32", init: [0], expr: ["(s[0]+x[0])"] },
    ]);
    const verifier = new Verifier(task);
    expect(verifier.verifyText("A = step.Accum(fn=fn_add, b=1).apply(E0)\nreturn A").verdict).toBe("ok");
    expect(verifier.verifyText("A = step.Scan(fn=fn_add, b=1).apply(E0)\nreturn A").verdict).toBe("outputType");
  });

  it("computes attention step by step, with states taken apart and values under names of their own", () => {
    const { task } = readPaperTask({
      test_name: "attention",
      inputs: [
        { name: "E0", dtype: "fp32", dims: ["M", "N"], data_gen: "torch.rand" },
        { name: "E1", dtype: row, dims: ["M", "N"], data_gen: "torch.randn" },
      ],
      fns: [
        {
          name: "Step",
          func_name: "fn_step",
          apply: `top, weight, sum = state # so far
            score, value = input
            higher = torch.max(top, score)
            kept = torch.exp(top - higher) * weight
            added = torch.exp(score - higher)
            return [higher, kept + added, (kept * sum + added * value) / (kept + added)]`,
          init: ["-inf", 0, 0],
          input_dtype: ["fp32", row],
          output_dtype: ["fp32", "fp32", row],
        },
        {
          name: "Third",
          func_name: "fn_third",
          apply: "return [input[2]]",
          input_dtype: ["fp32", "fp32", row],
          output_dtype: row,
        },
      ],
      outputs: [{ name: "S0", dtype: row, dims: ["N"] }],
      impl: `Z = step.Zip().apply((E0, E1))
A = step.Accum(fn=fn_step, b=1).apply(Z)
return step.Map(fn=fn_third).apply(A)`
        .replace("return step", "R = step")
        .concat("\nreturn R"),
    });
    expect(task.fns[0]!.init).toEqual([Number.NEGATIVE_INFINITY, 0, 0]);
    const { outputs, inputs } = drawExpectedSets(task, 1)[0]!;
    // Softmax of the scores of the first row, times its values.
    const [scores, values] = [inputs.E0![0]!.values, inputs.E1![0]!.values];
    const weights = Array.from({ length: 5 }, (_, m) => Math.exp(scores[m]!));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const expected = weights.reduce((sum, weight, m) => sum + (weight / total) * values[m * 16]!, 0);
    expect(outputs[0]![0]!.values[0]).toBeCloseTo(expected, 6);
  });

  it("routes to experts, with Copies where its program reads a stream twice", () => {
    const { task } = readPaperTask({
      test_name: "routing",
      global: "E_value = 2\nctx[E] = E_value\ngelu = torch.nn.GELU()\nsigmoid = torch.nn.Sigmoid()\n",
      inputs: [{ name: "E0", dtype: row, dims: ["N", "M"], data_gen: "torch.randn" }],
      parameters: [
        { name: "W", dtype: "fp32", dims: ["D", "D"] },
        { name: "g", dtype: "fp32", dims: ["D"] },
      ],
      fns: [
        {
          func_name: "fn_score",
          apply: "return [sigmoid(input[0] @ input_data['g'])]",
          input_dtype: row,
          output_dtype: "fp32",
        },
        {
          func_name: "fn_choose",
          apply: "return [torch.tensor([1.0, 0.0])] if (input[0] > 0.5) else [torch.tensor([0.0, 1.0])]",
          input_dtype: "fp32",
          output_dtype: "Multihot(fp32, E)",
        },
        {
          func_name: "fn_expert0",
          apply: "return [gelu(input[0] @ input_data['W']) + input[0]]",
          input_dtype: row,
          output_dtype: row,
        },
        { func_name: "fn_expert1", apply: "return [input[0]]", input_dtype: row, output_dtype: row },
        { func_name: "fn_sum", apply: "return [state[0] + input[0]]", init: [0], input_dtype: row, output_dtype: row },
      ],
      outputs: [{ name: "S0", dtype: row, dims: ["N", "M"] }],
      impl: `fns = [fn_expert0, fn_expert1]
E1 = step.Map(fn=fn_score).apply(E0)
E2 = step.Map(fn=fn_choose).apply(E1)
E3 = step.Partition(N=E_value).apply((E0, E2))
E4 = [step.Map(fn=f).apply(s) for f, s in zip(fns, E3)]
E5 = step.Merge(fn=fn_sum).apply((E4, E2))
return E5`,
    });
    expect(task.experts).toBe(2);
    expect(task.fns.map(({ expr }) => expr[0])).toEqual([
      'sigmoid(dot(x[0],P["g"]))',
      "oneHot2((x[0]>0.5))",
      '(gelu(vecmat(x[0],P["W"]))+x[0])',
      "x[0]",
      "(s[0]+x[0])",
    ]);
    expect(task.reference!.ops.filter(({ op }) => op === "Copy")).toHaveLength(2);
    expect(new Verifier(task).verify(task.reference!).verdict).toBe("ok");
  });

  const largest = `_, places = torch.topk(input[0], 3, dim=-1)
    marks = torch.zeros_like(input[0], dtype=torch.float32)
    marks.scatter_(-1, places, 1.0)
    return [marks]`;
  const rotation = (
    halves: string,
    joined: string,
  ) => `freq = input[1] / (10000**(torch.arange(0, D_value, 2, dtype=torch.float) / ctx[D]))
    cos = freq.cos()
    sin = freq.sin()
    ${halves}
    o1 = x1 * cos - x2 * sin
    o2 = x1 * sin + x2 * cos
    return [${joined}]`;
  it.each([
    ["a mean that fills its row", "return [input[0].mean(dim=-1, keepdim=True).expand(D_value)]", ["meanFill(x[0])"]],
    ["a size of an axis", "return [input[0] / D_value - ctx[D]]", ["((x[0]/D)-D)"]],
    ["a small number", "return [input[0] + 1e-7]", ["(x[0]+0.0000001)"]],
    ["signs, brackets and their order", "return [-input[0] * (2 - input[1]) / 3]", ["(((-x[0])*((2-x[1])))/3)"]],
    ["a product that is an outer one", "return [torch.einsum('i,j->ij', input[0], input[0])]", ["outer(x[0],x[0])"]],
    ["a spread number", "a, b = input\nreturn [a / b.unsqueeze(-1)]", ["(x[0]/x[1])"]],
    ["the largest elements", largest, ["topkMask(x[0],3)"]],
    [
      "softmax of products",
      "return [softmax(input[0] @ input_data['W']) * input[0][2]]",
      ['(softmax(vecmat(x[0],P["W"]))*x[0][2])'],
    ],
  ])("reads %s", (_, body, formulas) => {
    const result = /outer/.test(formulas[0]!) ? { output_dtype: "Buffer(fp32, [D, D])" } : {};
    const marks = /topk/.test(formulas[0]!) ? { output_dtype: "Multihot(fp32, D)" } : {};
    expect(formulasOf(body, { ...result, ...marks })).toEqual(formulas);
  });

  it("reads rotations of halves and of neighbours", () => {
    const turned = (body: string) =>
      formulasOf(body.replace("input[1] /", "input[0] /").replaceAll("HALF", "input[1]"), {
        input_dtype: ["fp32", row],
      });
    expect(turned(rotation("x1, x2 = HALF.chunk(2, dim=-1)", "torch.cat([o1, o2], dim=-1)"))).toEqual([
      "ropeHalf(x[0],x[1])",
    ]);
    const halves = "x1 = HALF[..., ::2]\n    x2 = HALF[..., 1::2]";
    expect(turned(rotation(halves, "torch.stack((o1, o2), dim=-1).flatten(-2)"))).toEqual([
      "ropeInterleaved(x[0],x[1])",
    ]);
  });

  it.each([
    ["a call of anything else", "return [torch.load('x')]", "torch.load is not read"],
    ["an import", "import os\nreturn [input[0]]", "'import os' is no assignment and no return"],
    ["Python behind a dot", "return [input[0].__class__]", ".__class__ is not read"],
    ["a name that is not defined", "return [os]", "'os' is not known"],
    ["a weight that is not there", "return [input[0] @ input_data['V']]", "there is no weight 'V'"],
    ["no return", "a = input[0]", "the body returns nothing"],
    ["a formula that doubles at each line", `a = input[0]\n${"a = a + a\n".repeat(40)}return [a]`, "are read"],
    ["brackets ten thousand deep", `return [${"(".repeat(10_000)}input[0]${")".repeat(10_000)}]`, "fns[0] (fn_f)"],
    ["a matrix on the left", "return [input_data['W'] @ input[0]]", "@ is read before a weight"],
  ])("refuses %s", (_, body, message) => {
    expect(() => formulasOf(body)).toThrow(message);
    expect(() => formulasOf(body)).toThrow(AsplError);
  });

  it.each([
    [{ inputs: [{ name: "E0", dtype: "fp32", dims: ["D"], data_gen: "torch.load" }] }, "inputs[0]: data_gen: expected"],
    [{ inputs: [{ name: "E0", dtype: "float", dims: ["D"], data_gen: "torch.rand" }] }, "'float' is no type"],
    [{ global: "import os" }, "global: 'import os' is not read"],
    [{ outputs: [{ dtype: "fp32", dims: ["Q"] }] }, "output 0 has an axis 'Q'"],
    [{ impl: "R = open('x')\nreturn R" }, "impl: "],
    [{ fns: "none" }, "fns: "],
    [{ test_name: 5 }, "test_name: "],
  ])("refuses %j", (changes, message) => {
    expect(() => readPaperTask(document(changes))).toThrow(message);
  });

  it("without a program has no reference", () => {
    expect(readPaperTask(document({ impl: undefined })).task.reference).toBeUndefined();
    expect(readPaperTask(document({ impl: "# fill in\n" })).task.reference).toBeUndefined();
  });
});
