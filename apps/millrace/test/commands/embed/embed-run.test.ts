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

describe("millrace embed compile", () => {
  test.each(["scf", "slc", "slcv", "dlc"])("prints %s, which is read back", async (emit) => {
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

  test("prints programs after a pass on the way", async () => {
    const run = await millrace(["embed", "compile", "bag.pt2", "--print-after", "bufferize"], { folder: folder() });
    expect(run.stderr).toContain("after bufferize");
    expect(run.stderr).toContain("slcv.to_buffer");
  });
});
