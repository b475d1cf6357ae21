import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { examples, folderWith } from "../../support/folder.ts";
import { millrace } from "../../support/recording-host.ts";

const model = readFileSync(`${examples}/models/embedding-bag.pt2`);
const record = JSON.parse(readFileSync(`${examples}/models/embedding-bag.json`, "utf8"));

function folder(change: (changed: typeof record) => unknown = (same) => same): string {
  return folderWith({ "bag.pt2": model, "io.json": JSON.stringify(change(structuredClone(record))) });
}

describe("millrace embed run", () => {
  test("gives the recorded outputs, and equal bits at every level", async () => {
    const run = await millrace(["embed", "run", "bag.pt2", "--inputs", "io.json", "--check", "--json"], {
      folder: folder(),
    });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    const result = JSON.parse(run.stdout);
    expect(result.outputs).toEqual([{ name: "getitem", ...record.outputs[0] }]);
    expect(result.check).toMatchObject({ compared: 48, differing: 0, levels: { compared: 4, differing: 0 } });
    expect(result.queues).toMatchObject({ tokens: 28, scalars: 0, vectors: 22 });
  });

  test("ends with status 3 where an output is another one", async () => {
    const wrong = folder((changed) => {
      changed.outputs[0].data[17] += 1;
      return changed;
    });
    const run = await millrace(["embed", "run", "bag.pt2", "--inputs", "io.json", "--check"], { folder: wrong });
    expect(run.status).toBe(3);
    expect(run.stdout).toContain("1 differ");
  });

  test.each([
    [
      "an id outside of the table",
      { inputs: [{ dtype: "int64", shape: [22], data: Array(22).fill(50) }, record.inputs[1]] },
      "50, but the table has 50 rows",
    ],
    [
      "offsets that fall",
      { inputs: [record.inputs[0], { dtype: "int64", shape: [6], data: [0, 5, 4, 5, 11, 21] }] },
      "bag 1 goes from 5 to 4",
    ],
    [
      "too few numbers",
      { inputs: [{ dtype: "int64", shape: [3], data: [1] }] },
      "$.inputs[0].data: expected 3 numbers",
    ],
    ["no inputs", {}, "$.inputs: expected a list of tensors"],
  ])("refuses %s", async (_, io, message) => {
    const run = await millrace(["embed", "run", "bag.pt2", "--inputs", "io.json"], { folder: folder(() => io) });
    expect(run.status).toBe(2);
    expect(run.stderr).toContain(message);
  });
});

describe("a loop nest of MLIR", () => {
  const nest = `func.func @bag(%ptr: memref<?xindex>, %idx: memref<?xindex>, %table: memref<?x?xf32>, %out: memref<?x?xf32>) -> memref<?x?xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %bags = memref.dim %out, %c0 : memref<?x?xf32>
  %width = memref.dim %table, %c1 : memref<?x?xf32>
  scf.for %b = %c0 to %bags step %c1 {
    %from = memref.load %ptr[%b] : memref<?xindex>
    %next = arith.addi %b, %c1 : index
    %to = memref.load %ptr[%next] : memref<?xindex>
    scf.for %p = %from to %to step %c1 {
      %row = memref.load %idx[%p] : memref<?xindex>
      scf.for %j = %c0 to %width step %c1 {
        %held = memref.load %out[%b, %j] : memref<?x?xf32>
        %x = memref.load %table[%row, %j] : memref<?x?xf32>
        %sum = arith.addf %held, %x : f32
        memref.store %sum, %out[%b, %j] : memref<?x?xf32>
      }
    }
  }
  return %out : memref<?x?xf32>
}
`;
  const tensor = (shape: number[], data: number[], dtype = "float32") => ({ dtype, shape, data });
  const inputs = [
    tensor([3], [0, 2, 2], "int64"),
    tensor([2], [1, 0], "int64"),
    tensor([2, 3], [1, 2, 3, 10, 20, 30]),
    tensor([2, 3], [0, 0, 0, 0, 0, 0]),
  ];

  test.each(["interp", "c", "wasm"])("runs on %s, with equal bits", async (target) => {
    const files = folderWith({ "bag.mlir": nest, "io.json": JSON.stringify({ inputs }) });
    const run = await millrace(
      ["embed", "run", "bag.mlir", "--inputs", "io.json", "--target", target, "--check", "--json"],
      { folder: files },
    );
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    const { outputs, check } = JSON.parse(run.stdout);
    expect(outputs[0].data).toEqual([11, 22, 33, 0, 0, 0]);
    expect(check.levels).toEqual({ compared: target === "interp" ? 16 : 4, differing: 0 });
  });

  test.each([
    ["slc", "c"],
    ["slcv", "interp"],
    ["dlc", "interp"],
    ["tmu", "wasm"],
  ])("runs as the program of the %s level that it becomes, on %s", async (emit, target) => {
    const files = folderWith({ "bag.mlir": nest, "io.json": JSON.stringify({ inputs }) });
    const { stdout } = await millrace(["embed", "compile", "bag.mlir", "--emit", emit, "--json"], { folder: files });
    const again = folderWith({
      "bag.mlir": JSON.parse(stdout).operations[0].text,
      "io.json": JSON.stringify({ inputs }),
    });
    const run = await millrace(
      ["embed", "run", "bag.mlir", "--inputs", "io.json", "--target", target, "--check", "--json"],
      { folder: again },
    );
    expect(run.status).toBe(0);
    expect(run.stderr).toMatch(target === "wasm" ? /^note: .* it is interpreted\n$/ : /^$/);
    expect(JSON.parse(run.stdout).outputs).toEqual([
      { name: "argument 3", dtype: "float32", shape: [2, 3], data: [11, 22, 33, 0, 0, 0] },
    ]);
  });

  test("ends with the place of an id outside of the table, on every target", async () => {
    const wrong = structuredClone(inputs);
    wrong[1] = tensor([2], [1, 2], "int64");
    const files = folderWith({ "bag.mlir": nest, "io.json": JSON.stringify({ inputs: wrong }) });
    for (const target of ["interp", "c", "wasm"]) {
      const run = await millrace(["embed", "run", "bag.mlir", "--inputs", "io.json", "--target", target], {
        folder: files,
      });
      expect([run.status, run.stderr]).toEqual([2, expect.stringMatching(/index 2 on axis 0|indices\[1\] is 2/)]);
    }
  });
});

describe("millrace embed compile", () => {
  test.each(["scf", "slc", "slcv", "dlc", "tmu"])("prints %s, which is read back", async (emit) => {
    const inputs = ["embed", "compile", "bag.pt2", "--emit", emit, "--verify-each", "--json"];
    const first = await millrace(inputs, { folder: folder() });
    expect({ status: first.status, stderr: first.stderr }).toEqual({ status: 0, stderr: "" });
    const { operations } = JSON.parse(first.stdout);
    expect(operations.map(({ name }: { name: string }) => name)).toEqual(["sls"]);
    if (emit !== "scf") return;
    const again = await millrace(["embed", "compile", "again.mlir", "--emit", "scf", "--json"], {
      folder: folderWith({ "again.mlir": operations[0].text }),
    });
    expect(JSON.parse(again.stdout).operations[0].text).toBe(operations[0].text);
  });

  test.each([
    ["c", "static int32_t unit_0("],
    ["wat", "f32x4.add"],
  ])("prints the kernel that runs here as %s", async (emit, part) => {
    const run = await millrace(["embed", "compile", "bag.pt2", "--emit", emit], { folder: folder() });
    expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
    expect(run.stdout).toContain(part);
  });

  test("wants to know how wide the rows of a nest are, to print its kernel", async () => {
    const nest = await millrace(["embed", "compile", "bag.pt2", "--emit", "scf", "--json"], { folder: folder() });
    const files = folderWith({ "nest.mlir": JSON.parse(nest.stdout).operations[0].text });
    const run = (...more: string[]) =>
      millrace(["embed", "compile", "nest.mlir", "--emit", "c", ...more], { folder: files });
    const without = await run();
    expect([without.status, without.stderr]).toEqual([2, expect.stringContaining("give --width N")]);
    expect((await run("--width", "8")).stdout).toContain("f32x8");
  });

  test("says where a pass to print after does not run", async () => {
    const run = await millrace(["embed", "compile", "bag.pt2", "--opt", "0", "--print-after", "vectorize"], {
      folder: folder(),
    });
    expect(run.stderr).toBe("note: vectorize does not run for --emit dlc --opt 0\n");
  });

  test("prints programs after a pass on the way", async () => {
    const run = await millrace(["embed", "compile", "bag.pt2", "--print-after", "bufferize"], { folder: folder() });
    expect(run.stderr).toContain("after bufferize");
    expect(run.stderr).toContain("slcv.to_buffer");
  });
});
