import { deflateRawSync } from "node:zlib";
import { DiagnosticError } from "@millrace/ir-text";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesSource, evaluate, importModel, ModelError, modelToJson, normalise, readWeight } from "../../src/index.ts";
import { sample } from "../support/samples.ts";
import { zip } from "../support/zip-writer.ts";

/** Imports, normalises and prints, and tells how it was refused; anything but a refusal is a failure of the test. */
async function outcome(bytes: Uint8Array, name: string): Promise<string> {
  try {
    modelToJson(normalise(await importModel(bytes, { name, files: () => bytesSource(new Uint8Array(16)) })));
    return "graph";
  } catch (error) {
    if (error instanceof ModelError) return error.code;
    if (error instanceof DiagnosticError) return "diagnostic";
    throw error;
  }
}

const samples = [
  "torch/gcn_layer_dynamic.pt2",
  "torch/oldlayout_mlp.pt2",
  "torch/sddmm.aten.txt",
  "torch/bigbird_attention.fx.txt",
  "torch/mttkrp.fx.json",
  "torch/sddmm.onnx",
  "ember/bag_sum.onnx",
  "tf/gather.graphdef.pb",
  "tf/gather.graphdef.pbtxt",
  "tf/gather.model.json",
  "mlir/spmv.mlir",
  "mlir/spmv.generic.mlir",
  "ember-mlir/sls.linalg.mlir",
  "ember-mlir/sls.scf.mlir",
];

describe("every reader is total", () => {
  it("on changed JSON of a graph", async () => {
    const graph = normalise(await importModel(sample("torch/gcn_layer_dynamic.pt2"), { name: "m.pt2" }));
    const bytes = new TextEncoder().encode(JSON.stringify(modelToJson(graph)));
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(...'0{}[]",:nas'));
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const changed = bytes.slice();
      for (const [at, character] of changes) changed[at] = character.charCodeAt(0);
      expect(await outcome(changed, "m.json")).toEqual(expect.any(String));
    });
    await fc.assert(property, { seed: 53, numRuns: 400 });
  });

  it("on random bytes, also behind the first bytes of every format", async () => {
    const heads = samples.map((path) => sample(path).subarray(0, 24)).concat([new Uint8Array(0)]);
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...heads), fc.uint8Array({ maxLength: 300 }), async (head, tail) => {
        expect(await outcome(new Uint8Array([...head, ...tail]), "random")).toEqual(expect.any(String));
      }),
      { seed: 51, numRuns: 400 },
    );
  });

  it.each(samples)("on truncations of %s", async (path) => {
    const bytes = sample(path);
    const step = Math.max(64, Math.ceil(bytes.length / 60 / 64) * 64);
    for (let length = 0; length < bytes.length; length += step) {
      expect(await outcome(bytes.subarray(0, length), path)).toEqual(expect.any(String));
    }
  });

  it.each(samples)("on flipped bytes of %s", async (path) => {
    const bytes = sample(path);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 8 }),
        async (flips) => {
          const changed = bytes.slice();
          for (const [at, mask] of flips) changed[at] = (changed[at] ?? 0) ^ mask;
          expect(await outcome(changed, path)).toEqual(expect.any(String));
        },
      ),
      { seed: 52, numRuns: 60 },
    );
  });
});

const program = (nodes: string, extra = "") =>
  new TextEncoder().encode(
    `{"graph_module":{"graph":{"inputs":[],"outputs":[],"nodes":[${nodes}],"tensor_values":{}},"signature":{"input_specs":[],"output_specs":[]}},"schema_version":{"major":8,"minor":1}${extra}}`,
  );
const node = (target: string, input: string, output: string) =>
  `{"target":"torch.ops.aten.${target}.default","inputs":[{"name":"self","arg":{"as_tensor":{"name":"${input}"}}}],"outputs":[{"as_tensor":{"name":"${output}"}}]}`;
const archive = (json: Uint8Array, ...more: Parameters<typeof zip>[0]) =>
  zip([{ name: "m/models/model.json", bytes: json }, ...more]);

describe("a hostile archive", () => {
  it("that expands a hundred thousand times is refused before it is expanded", async () => {
    const packed = deflateRawSync(new Uint8Array(1 << 22));
    const bomb = zip([{ name: "m/models/model.json", bytes: packed, method: 8, expanded: packed.length * 100_000 }]);
    expect(await outcome(bomb, "bomb.pt2")).toBe("archive-limit");
  });

  it("whose member expands to more than it declares is refused", async () => {
    const packed = deflateRawSync(new Uint8Array(1 << 16));
    expect(
      await outcome(zip([{ name: "m/models/model.json", bytes: packed, method: 8, expanded: 100 }]), "lie.pt2"),
    ).toBe("archive-malformed");
  });

  it.each(["../up", "/etc/passwd", "C:/x", "a/../../b", "a\\..\\b"])("with a member %j is refused", async (name) => {
    expect(await outcome(zip([{ name, bytes: new Uint8Array(1) }]), "path.pt2")).toBe("archive-path");
  });

  it("with members that overlap, or that repeat, is refused", async () => {
    expect(
      await outcome(
        zip(
          [
            { name: "a", bytes: new Uint8Array(64) },
            { name: "b", bytes: new Uint8Array(64) },
          ],
          { shift: -20 },
        ),
        "o.pt2",
      ),
    ).toBe("archive-malformed");
    expect(
      await outcome(
        zip([
          { name: "a", bytes: new Uint8Array(1) },
          { name: "a", bytes: new Uint8Array(1) },
        ]),
        "r.pt2",
      ),
    ).toBe("archive-malformed");
  });

  it("whose program nests ten thousand deep is refused", async () => {
    expect(await outcome(archive(new TextEncoder().encode("[".repeat(10_000))), "deep.pt2")).toBe("nesting-too-deep");
  });

  it("whose nodes wait for each other is refused with the cycle", async () => {
    const bytes = archive(program(`${node("relu", "b", "a")},${node("relu", "a", "b")}`));
    await expect(importModel(bytes, { name: "c.pt2" })).rejects.toMatchObject({
      code: "graph-cyclic",
      message: expect.stringContaining("a <- b <- a"),
    });
  });

  it("whose nodes use or define a name wrongly is refused with the place", async () => {
    expect(await outcome(archive(program(node("relu", "x", "a"))), "u.pt2")).toBe("value-undefined");
    expect(await outcome(archive(program(`${node("relu", "a", "a")}`)), "s.pt2")).toBe("graph-cyclic");
    await expect(importModel(archive(program(node("frobnicate", "x", "a"))), { name: "f.pt2" })).rejects.toMatchObject({
      code: "operator-unknown",
      message:
        "f.pt2!m/models/model.json, graph_module.graph.nodes[0] (a): operator aten.frobnicate.default is not modelled",
    });
  });

  it("with a chain of 20,000 nodes in reverse is read without a deep stack", async () => {
    const nodes = Array.from({ length: 20_000 }, (_, at) => node("relu", at === 0 ? "full" : `v${at - 1}`, `v${at}`));
    const first =
      '{"target":"torch.ops.aten.full.default","inputs":[{"name":"size","arg":{"as_ints":[2]}},{"name":"fill_value","arg":{"as_float":-1}}],"outputs":[{"as_tensor":{"name":"full"}}]}';
    expect(await outcome(archive(program([first, ...nodes].reverse().join(","))), "chain.pt2")).toBe("graph");
  });
});

const weights = (path: string, sizes: string, strides: string) =>
  new TextEncoder().encode(
    `{"config":{"w":{"path_name":"${path}","is_param":true,"use_pickle":false,"tensor_meta":{"dtype":7,"sizes":${sizes},"strides":${strides},"storage_offset":{"as_int":0},"layout":7}}}}`,
  );

describe("weights", () => {
  it("shorter than their strides demand are refused", async () => {
    const config = weights("weight_0", '[{"as_int":4},{"as_int":4}]', '[{"as_int":4},{"as_int":1}]');
    const bytes = archive(
      program(""),
      { name: "m/data/weights/model_weights_config.json", bytes: config },
      { name: "m/data/weights/weight_0", bytes: new Uint8Array(60) },
    );
    await expect(importModel(bytes, { name: "w.pt2" })).rejects.toMatchObject({
      code: "weight-truncated",
      message: expect.stringContaining("f32[4, 4] needs 64 bytes, its storage has 60"),
    });
  });

  it("are read once for two that share a storage, and not before they are asked for", async () => {
    const bytes = sample("torch/gcn2_dense.pt2");
    let touched = 0;
    const source = {
      size: bytes.length,
      read: (offset: number, length: number) => {
        touched += length;
        return bytes.subarray(offset, offset + length);
      },
    };
    const graph = await importModel(source, { name: "gcn2_dense.pt2" });
    const before = touched;
    const weight = [...graph.params.values()][0]?.weight;
    await Promise.all([readWeight(weight!), readWeight(weight!)]);
    expect(touched - before).toBe(30 + 12 * 8 * 4);
  });

  it("of two gigabytes are not touched by an import", async () => {
    const size = 2 ** 31;
    const config = weights("weight_0", `[{"as_int":${size / 4}}]`, '[{"as_int":1}]');
    const spec =
      '"input_specs":[{"parameter":{"arg":{"name":"p"},"parameter_name":"w"}}],"output_specs":[{"user_output":{"arg":{"as_tensor":{"name":"a"}}}}]';
    const json = new TextEncoder().encode(
      new TextDecoder().decode(program(node("relu", "p", "a"))).replace('"input_specs":[],"output_specs":[]', spec),
    );
    const virtual = zip(
      [
        { name: "m/models/model.json", bytes: json },
        { name: "m/data/weights/model_weights_config.json", bytes: config },
        { name: "m/data/weights/weight_0", bytes: new Uint8Array(0), virtual: size },
      ],
      { asSource: true },
    );
    const graph = await importModel(virtual.source, { name: "big.pt2" });
    expect(graph.params.get("p")?.weight?.storage.bytes).toBe(size);
    expect(virtual.read()).toBeLessThan(100_000);
    await expect(evaluate(graph, [])).rejects.toMatchObject({ code: "too-large" });
  });
});
