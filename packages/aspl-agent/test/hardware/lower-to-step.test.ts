import { interpret, printProgram } from "@millrace/step-ir";
import { describe, expect, it } from "vitest";
import {
  drawExpectedSets,
  drawSet,
  type ExpectedSet,
  expectOutputs,
  type Hardware,
  lowerToStep,
  type OpProgram,
  readOpList,
  readTasks,
  type Task,
  timeProgram,
  typecheck,
} from "../../src/index.ts";
import { findDisagreement } from "../../src/verify/compare.ts";
import { corpus, goldenOf, taskOf } from "../support/recorded.ts";

const right = corpus.flatMap(({ task, programs }) =>
  programs
    .filter(({ verdict }) => verdict === "ok" || verdict === "affine")
    .map((recorded) => {
      const read = readOpList(recorded);
      if ("fault" in read) throw new Error(read.fault.message);
      return { task: taskOf(task), program: read.program };
    }),
);

function typesOf(task: Task, program: OpProgram) {
  const typed = typecheck(program, task);
  if ("fault" in typed) throw new Error(typed.fault.message);
  return typed.types;
}

/** Outputs of the interpreter and of the timed machine that are not as expected. */
function differences(task: Task, program: OpProgram, set: ExpectedSet, hardware: Hardware): string[] {
  const what = { task, program, types: typesOf(task, program), set };
  const lowered = lowerToStep(what, hardware);
  const engines = {
    interpreter: lowered.outputs(interpret(lowered.program, lowered).tensors),
    machine: timeProgram(what, hardware).outputs,
  };
  return Object.entries(engines).flatMap(([engine, outputs]) =>
    set.outputs.flatMap((parts, output) =>
      parts.flatMap(({ values }, part) => {
        const wrong = findDisagreement(outputs[output]![part]!, values);
        return wrong === undefined ? [] : [`${task.id}, ${set.name}, ${engine}, output ${output}: ${wrong.error}`];
      }),
    ),
  );
}

describe("right programs on the second engine", () => {
  it("have the recorded outputs, all 70 of them, interpreted and in time", () => {
    expect(right.length).toBe(70);
    expect(right.flatMap(({ task, program }) => differences(task, program, goldenOf(task)[0]!, {}))).toEqual([]);
  });

  it("have them at other sizes, in large tiles, with several units for each operator", () => {
    const all = right.flatMap(({ task, program }) => {
      const lanes = Object.fromEntries(program.ops.map((_, at) => [at, 3]));
      return differences(task, program, goldenOf(task)[1]!, { tileElements: 12, lanes, depth: 1 });
    });
    expect(all).toEqual([]);
  });
});

/** Every operator on elements of several parts, and a Merge of whole groups. */
const [wide] = readTasks({
  id: "wide",
  dims: { M: 5, N: 3, E: 2, T: 2 },
  experts: 2,
  inputs: [
    { name: "X", elem: { tuple: ["f32", { buffer: "f32", dims: ["T"] }] }, shape: ["N", "M"], gen: "normal" },
    { name: "S", elem: { multihot: "E" }, shape: ["M"], gen: "multihot", minOnes: 0, maxOnes: 2 },
  ],
  fns: [
    {
      name: "mix",
      kind: "map",
      in: { tuple: ["f32", { buffer: "f32", dims: ["T"] }] },
      out: "f32",
      expr: ["x[0]+2*sum(x[1])"],
    },
    { name: "twice", kind: "map", in: "f32", out: "f32", expr: ["2*x[0]"] },
    { name: "less", kind: "map", in: "f32", out: "f32", expr: ["x[0]-1"] },
    {
      name: "count",
      kind: "fold",
      in: "f32",
      out: { tuple: ["f32", "f32"] },
      init: [5, 0],
      expr: ["s[0]+x[0]", "s[1]+1"],
    },
    { name: "both", kind: "map", in: { tuple: ["f32", "f32"] }, out: "f32", expr: ["x[0]*10+x[1]"] },
  ],
  outputs: [
    { elem: "f32", shape: ["N", "M"] },
    { elem: { tuple: ["f32", { buffer: "f32", dims: ["T"] }] }, shape: ["N", "M"] },
  ],
  reference: {
    ops: [
      { op: "Copy", in: ["X"], out: ["X0", "X1"] },
      { op: "Copy", in: ["S"], out: ["S0", "S1"] },
      { op: "Map", fn: "mix", in: ["X0"], out: ["A"] },
      { op: "Partition", n: "E", in: ["A", "S0"], out: ["P"] },
      { op: "MapEach", fns: ["twice", "less"], in: ["P"], out: ["Q"] },
      { op: "Merge", fn: "count", in: ["Q", "S1"], out: ["R"] },
      { op: "Map", fn: "both", in: ["R"], out: ["Y"] },
      { op: "Bufferize", a: 1, in: ["X1"], out: ["B"] },
      { op: "Promote", b: 1, in: ["B"], out: ["B1"] },
      { op: "Flatten", levels: [1], in: ["B1"], out: ["B2"] },
      { op: "Streamify", in: ["B2"], out: ["Z"] },
    ],
    ret: ["Y", "Z"],
  },
});

describe("elements of several parts", () => {
  it("keep their order through buffers, and a position without experts gives zeros, not the start of the fold", () => {
    const task = wide!;
    const sets = drawExpectedSets(task, 3);
    // Some position has no expert, some both.
    const ones = new Set(sets.flatMap(({ inputs }) => countsOf(inputs.S![0]!.values)));
    expect([...ones].sort()).toEqual([0, 1, 2]);
    for (const set of sets) expect(differences(task, task.reference!, set, {})).toEqual([]);
    for (const set of sets) expect(differences(task, task.reference!, set, { tileElements: 4, depth: 4 })).toEqual([]);
  });

  it("may be sent nowhere at all", () => {
    const task = wide!;
    const drawn = drawSet(task, task.dims, 3);
    const none = { ...drawn, inputs: { ...drawn.inputs, S: [{ shape: [5, 2], values: new Float64Array(10) }] } };
    const set = expectOutputs(task, none);
    expect(set.outputs[0]![0]!.values.every((value) => value === 0)).toBe(true);
    expect(differences(task, task.reference!, set, {})).toEqual([]);
  });
});

const countsOf = (choices: Float64Array): number[] =>
  Array.from({ length: choices.length / 2 }, (_, at) => choices[2 * at]! + choices[2 * at + 1]!);

describe("a lowered program", () => {
  it("loads its inputs, keeps its operators, and stores its outputs", () => {
    const task = taskOf("rope/G_0_3_02");
    const set = goldenOf(task)[0]!;
    const program = task.reference!;
    const { program: lowered } = lowerToStep({ task, program, types: typesOf(task, program), set });
    expect(`${printProgram(lowered)}\n`).toMatchInlineSnapshot(`
      "program rope-G_0_3_02
      tensor in.E0 f32[35, 1]
      tensor in.E1 f32[35, 16]
      tensor out.0 f32[35, 16]
      %linear_load#1 = linear-load {tensor = in.E0, tile = [1, 1], shape = [35], stride = [1]}
      %flatten#1 = flatten %linear_load#1 {min = 0, max = 1}
      %reshape#1 = reshape %flatten#1 {chunk = 7, rank = 0}
      %linear_load#2 = linear-load {tensor = in.E1, tile = [1, 16], shape = [35], stride = [1]}
      %flatten#2 = flatten %linear_load#2 {min = 0, max = 1}
      %reshape#2 = reshape %flatten#2 {chunk = 7, rank = 0}
      %scan#1 = scan %reshape#1:0 {fn = fn_sum, rank = 1, bandwidth = 64}
      %S3 = map %scan#1, %reshape#2:0 {fn = beside}
      %map#1 = map %S3 {fn = fn_neoxrope, bandwidth = 64}
      %flatten#3 = flatten %map#1 {min = 0, max = 1}
      %linear_store#1 = linear-store %flatten#3 {tensor = out.0}

      "
    `);
  });
});
