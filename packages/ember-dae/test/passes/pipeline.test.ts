import { describe, expect, test } from "vitest";
import {
  compile,
  type Instance,
  instantiate,
  interpret,
  interpretDlc,
  interpretTmu,
  memoryFrom,
  type Operation,
  operationNest,
  type Program,
  parseProgram,
  printProgram,
  publishedTmu,
  raiseNest,
  valuesOf,
  verify,
  withFreshOutput,
} from "../../src/index.ts";
import { operations, randomFrom, randomInstance } from "../support/random-instance.ts";
import { nestModel } from "../support/recorded.ts";

const levels = [0, 1, 2, 3] as const;
const sls: Operation = { kind: "bag", weights: "none", reduce: "add", finish: "none", table: "f32", index: "i64" };

function bytesAfter(instance: Instance, run: (memories: Instance["memories"]) => void): Uint8Array {
  const fresh = withFreshOutput(instance);
  run(fresh.memories);
  const { array } = fresh.memories[fresh.memories.length - 1]!;
  return new Uint8Array(array.buffer);
}

describe("every level of every operation", () => {
  test.each(operations.map((operation) => [JSON.stringify(operation), operation] as const))(
    "gives the bits of the loop nest: %s",
    (_, operation) => {
      const random = randomFrom(7);
      for (const width of [1, 4, 7, 16]) {
        for (const lanes of [2, 4, 8]) {
          const extents = { bags: 1 + Math.floor(random() * 5), rows: 6, width };
          const instance = randomInstance(operation, extents, random);
          const scf = operationNest(operation);
          const expected = bytesAfter(instance, (memories) => interpret(scf, memories));
          for (const level of levels) {
            const { slc, slcv, dlc, tmu } = compile(scf, { level, lanes, verifyEach: true, tmu: publishedTmu });
            expect(bytesAfter(instance, (memories) => interpret(slc, memories))).toEqual(expected);
            expect(bytesAfter(instance, (memories) => interpret(slcv, memories))).toEqual(expected);
            expect(bytesAfter(instance, (memories) => void interpretDlc(dlc, memories))).toEqual(expected);
            expect(bytesAfter(instance, (memories) => void interpretTmu(tmu!, memories))).toEqual(expected);
          }
        }
      }
    },
  );

  test.each(operations.map((operation) => [JSON.stringify(operation), operation] as const))(
    "prints, and reads back as the same text: %s",
    (_, operation) => {
      for (const level of levels) {
        const compiled = compile(operationNest(operation), { level, tmu: publishedTmu });
        for (const program of Object.values(compiled) as Program[]) {
          const text = printProgram(program);
          expect(printProgram(parseProgram(text))).toBe(text);
        }
      }
    },
  );
});

/** The bags of ids 1 3, none, 0 4 4 over a table of 10 i + j. */
function small(): Instance {
  const table = memoryFrom(
    "f32",
    [5, 4],
    Array.from({ length: 20 }, (_, at) => 10 * Math.floor(at / 4) + (at % 4)),
  );
  const fibres = { ptr: Float64Array.of(0, 2, 2, 5), idx: Float64Array.of(1, 3, 0, 4, 4), val: undefined };
  return instantiate(sls, { table, fibres });
}

describe("queue traffic", () => {
  test("of the small example is what the formulas say", () => {
    const expected = [
      { tokens: 20, scalars: 60, vectors: 0 },
      { tokens: 5, scalars: 5, vectors: 15 },
      { tokens: 5, scalars: 5, vectors: 5 },
      { tokens: 8, scalars: 0, vectors: 5 },
    ];
    for (const level of levels) {
      const instance = small();
      const { dlc } = compile(operationNest(sls), { level, lanes: 4 });
      expect(interpretDlc(dlc, instance.memories)).toMatchObject(expected[level]!);
      expect([...valuesOf(instance.memories[3]!)]).toEqual([40, 42, 44, 46, 0, 0, 0, 0, 80, 83, 86, 89]);
    }
  });

  test("of 200 random bags is what the formulas say", () => {
    const random = randomFrom(3);
    for (let round = 0; round < 200; round++) {
      const [bags, width] = [1 + Math.floor(random() * 6), 1 + Math.floor(random() * 20)];
      const lanes = [2, 4, 8, 16][Math.floor(random() * 4)]!;
      const instance = randomInstance(sls, { bags, rows: 9, width }, random);
      const [z, c] = [instance.memories[1]!.array.length, Math.ceil(width / lanes)];
      const level = levels[round % 4]!;
      const expected = [
        { tokens: z * width, scalars: 3 * z * width, vectors: 0 },
        { tokens: z * c, scalars: z * c, vectors: 3 * z * c },
        { tokens: z, scalars: z, vectors: z * c },
        { tokens: z + bags, scalars: 0, vectors: z * c },
      ][level];
      const { dlc } = compile(operationNest(sls), { level, lanes });
      expect(interpretDlc(dlc, instance.memories)).toMatchObject(expected!);
    }
  });

  test("is nothing where the access unit stores what it copies", () => {
    const gather: Operation = { kind: "gather", block: 4, table: "f32", index: "i64" };
    const instance = randomInstance(gather, { bags: 6, rows: 9, width: 12 }, randomFrom(1));
    const { dlc } = compile(operationNest(gather), { level: 3 });
    expect(interpretDlc(dlc, instance.memories)).toEqual({ tokens: 0, scalars: 0, vectors: 0, bytes: 0 });
  });

  test("needs a chunk that holds what one token needs, and is the same for any larger one", () => {
    const { dlc } = compile(operationNest(sls), { level: 2, lanes: 2 });
    const expected = interpretDlc(dlc, small().memories);
    for (const chunk of [3, 4, 64]) expect(interpretDlc(dlc, small().memories, { chunk })).toEqual(expected);
    expect(() => interpretDlc(dlc, small().memories, { chunk: 2 })).toThrow("smaller than what one token needs");
  });
});

test("decoupled bags have 3 units, 4 loads, 1 address computation, and a callback with 3 heads", () => {
  const { dlc, slc } = compile(operationNest({ ...sls, index: "index" }), { level: 0 });
  const count = (text: string, name: string) => text.split(`"${name}"(`).length - 1;
  const access = printProgram(dlc);
  expect(["dlc.tu", "slc.mem_stream", "slc.alu_stream"].map((name) => count(access, name))).toEqual([3, 4, 1]);
  expect(["slc.callback", "slc.from_stream"].map((name) => count(printProgram(slc), name))).toEqual([1, 3]);
});

test.each(["sls", "spmm", "kg_maxplus"])("the loop nest %s of MLIR runs decoupled with the same bits", async (name) => {
  const { program, outputs } = raiseNest(await nestModel(`${name}.scf.mlir`));
  const build = () => [
    memoryFrom("index", [4], [0, 2, 2, 5]),
    memoryFrom("index", [5], [1, 3, 0, 4, 4]),
    memoryFrom("f32", [5], [0.5, 2, -1, 3, 0.25]),
    3,
    memoryFrom(
      "f32",
      [5, 7],
      Array.from({ length: 35 }, (_, at) => Math.sin(at)),
    ),
    memoryFrom("f32", [3, 7], new Float64Array(21)),
  ];
  const expected = build();
  interpret(program, expected);
  const output = (memories: ReturnType<typeof build>) => memories[outputs[0]!];
  expect(printProgram(program)).toBe(printProgram(parseProgram(printProgram(program))));
  for (const level of levels) {
    const given = build();
    interpretDlc(compile(program, { level, verifyEach: true }).dlc, given);
    expect(output(given)).toEqual(output(expected));
  }
});

describe("a program whose queues do not match", () => {
  const text = printProgram(compile(operationNest(sls), { level: 3 }).dlc);

  test.each([
    [
      "is refused when an event is the wrong one",
      /"dlc\.push"\((.*)\) \{event = "ite"\}/,
      '"dlc.push"($1) {event = "end"}',
    ],
    [
      "is refused when a pop has another type",
      /= "dlc\.pop"\(\) : \(\) -> vector<8xf32>/,
      '= "dlc.pop"() : () -> vector<4xf32>',
    ],
    ["is refused when a token has no case", /id = 1 : i64/, "id = 7 : i64"],
  ])("%s", (_, pattern, replacement) => {
    const changed = text.replace(pattern, replacement);
    expect(changed).not.toBe(text);
    const read = () => verify(parseProgram(changed), "change");
    expect(read).toThrow();
  });

  test("gives other results, or none, when a token comes at the wrong event", () => {
    // A row's token at the end of the bag's loop: once per bag, not once per row.
    const instance = small();
    const changed = text.replace('"dlc.token"(%17) {event = "end", id = 0', '"dlc.token"(%13) {event = "end", id = 0');
    expect(changed).not.toBe(text);
    expect(() => interpretDlc(parseProgram(changed), instance.memories)).toThrow("never popped");
  });
});

describe("a marshaling unit", () => {
  const lower = (operation: Operation, change: Partial<typeof publishedTmu>, lanes = 8) =>
    compile(operationNest(operation), { level: 3, lanes, tmu: { ...publishedTmu, ...change } }).tmu!;

  test("gives each loop a layer, broadcasts to vectors, and forwards what inner layers read of outer ones", () => {
    const text = printProgram(lower(sls, {}));
    const order = [...text.matchAll(/tmu\.set_(\w+_(?:tu|layer))/g)].map(([, name]) => name);
    expect(order).toEqual(["dns_tu", "single_layer", "rng_tu", "bcast_layer", "dns_tu", "lockstep_layer"]);
    expect(text.match(/tmu\.set_fwd_str/g)).toHaveLength(1);
    expect(text).toMatch(/entries = \d+ : i64, lanes = 8 : i64, layers = 3 : i64/);
  });

  test("refuses what it has no room for", () => {
    const fused: Operation = { kind: "fused", activation: "sigmoid", table: "f32", index: "i32" };
    expect(() => lower(fused, { layers: 3 })).toThrow("needs 4 layers of a unit with 3");
    expect(() => lower(sls, {}, 16)).toThrow("needs 16 lanes of a unit with 8");
    expect(() => lower(sls, { storageBytes: 64 })).toThrow("bytes of storage a lane");
  });

  test("whose layers are mixed up is refused", () => {
    const text = printProgram(lower(sls, {}));
    for (const [from, to] of [
      [/layer = 2/g, "layer = 1"],
      [/layer = 1(?= : i64\} : \(!dlc\.tu\))/, "layer = 2"],
      [/tmu\.set_mem_str/, "tmu.set_any_str"],
    ] as const) {
      const wrong = text.replace(from, to);
      expect(wrong).not.toBe(text);
      expect(() => verify(parseProgram(wrong), "change")).toThrow(/layer|configures nothing/);
    }
  });
});
