import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const model = `${examples}/models/gcn2_dense.pt2`;
const inputs = ["-i", `A=${examples}/data/karate.mtx`, "-i", `X=${examples}/data/karate-features.npy`];

test("an input that the model does not have is refused by both commands", async () => {
  for (const verb of ["show", "run"]) {
    const { status, stderr } = await millrace(["model", verb, model, ...inputs, "-i", "Z=3"]);
    const expected = "error: the model has no input or weight Z\n  help: it takes A, X\n";
    expect([status, stderr]).toEqual([2, expected]);
  }
});

describe("model show", () => {
  test("prints the graph with types and patterns", async () => {
    const { status, stdout } = await millrace(["model", "show", model, "-f", "A=CSR"]);
    expect(status).toBe(0);
    expect(stdout.split("\n")).toEqual(
      expect.arrayContaining([
        "model gcn2_dense (pt2, schema 8.20, PyTorch 2.13.0+cpu)",
        "input A = %a: f32[34, 34]",
        "param w1 = %p_w1: f32[12, 8]",
        "%matmul: f32[34, 12] = matmul(%a, %x)",
        "tag softmax (1 node): data add_1, result softmax, axis 1",
      ]),
    );
  });

  test("gives nodes, values, tags and proposed formats as JSON", async () => {
    const { stdout } = await millrace(["model", "show", model, ...inputs, "--json"]);
    const shown = JSON.parse(stdout);
    expect(shown.nodes.map(({ op }: { op: string }) => op)).toEqual([
      "matmul",
      "matmul",
      "add",
      "relu",
      "matmul",
      "matmul",
      "add",
      "softmax",
    ]);
    expect(shown.values.a).toMatchObject({ dtype: "f32", shape: [34, 34] });
    expect(shown.proposals[0]).toMatchObject({ name: "A", format: "CSR", entries: 156 });
    expect(shown.unsupported).toEqual([]);
  });
});

describe("model run", () => {
  test("evaluates, and reads the weights from the archive", async () => {
    const { status, stdout } = await millrace(["model", "run", model, ...inputs, "--json"]);
    expect(status).toBe(0);
    const { outputs } = JSON.parse(stdout);
    expect(outputs.softmax).toMatchObject({ dtype: "f32", shape: [34, 4] });
    const [a, b, c, d] = outputs.softmax.values;
    expect(a + b + c + d).toBeCloseTo(1, 6);
  });

  test("without an input says which one, and its shape", async () => {
    const { status, stderr } = await millrace(["model", "run", model, ...inputs.slice(0, 2)]);
    expect(status).toBe(2);
    expect(stderr).toContain("input X (34 x 12) is not given");
    expect(stderr).toContain("help: the model takes A, X");
  });
});

describe("a file that is no model", () => {
  test("is refused with what is known", async () => {
    const folder = folderWith({ "a.bin": "nothing" });
    const { status, stderr } = await millrace(["model", "show", "a.bin"], { folder });
    expect(status).toBe(2);
    expect(stderr).toContain("a.bin: not a model file that is known");
    expect(stderr).toContain("help: known are .pt2");
  });

  test("of text shows the line", async () => {
    const folder = folderWith({
      "a.mlir":
        "func.func @main(%a: tensor<2xf32>) -> tensor<2xf32> {\n  %0 = gpu.wait %a\n  return %0 : tensor<2xf32>\n}\n",
    });
    const { status, stderr } = await millrace(["model", "show", "a.mlir"], { folder });
    expect(status).toBe(2);
    expect(stderr).toContain("a.mlir:2:8: error: operation 'gpu.wait' is not modelled");
  });
});
