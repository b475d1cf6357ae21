import { describe, expect, it } from "vitest";
import { Interpreter, type OpProgram, parsePython, type StreamNumbers, type Task, typecheck } from "../../src/index.ts";
import { addUp, smallTask, tensor } from "../support/small-task.ts";

const twelve = Array.from({ length: 12 }, (_, at) => at + 1);

function programOf(text: string, task: Task): OpProgram {
  const read = parsePython(
    text,
    task.inputs.map(({ name }) => name),
  );
  if ("fault" in read) throw new Error(read.fault.message);
  return read.program;
}

function run(task: Task, text: string, inputs: Readonly<Record<string, readonly number[]>>): readonly number[][] {
  const program = programOf(text, task);
  const typed = typecheck(program, task);
  if ("fault" in typed) throw new Error(typed.fault.message);
  const tensors = Object.fromEntries(Object.entries(inputs).map(([name, values]) => [name, [tensor(...values)]]));
  const set = { name: "given", sizes: task.dims, inputs: tensors, params: {} };
  const result = new Interpreter(task, set).run(program, typed.types);
  if ("fault" in result) throw new Error(result.fault.message);
  const last = result.values.get(program.returns[0]!)!;
  const streams = (Array.isArray(last[0]) ? last : [last]) as readonly StreamNumbers[];
  return streams.map((parts) => [...parts[0]!]);
}

describe("folds", () => {
  const task = smallTask({
    inputs: [{ name: "E0", elem: "f32", shape: ["A", "B", "C"], gen: "normal" }],
    fns: [addUp],
  });
  it.each([
    ["Accum", 1, [6, 15, 24, 33]],
    ["Accum", 2, [21, 57]],
    ["Scan", 1, [1, 3, 6, 4, 9, 15, 7, 15, 24, 10, 21, 33]],
    ["Scan", 2, [1, 3, 6, 10, 15, 21, 7, 15, 24, 34, 45, 57]],
  ] as const)("%s over %i axes restarts outside them alone", (name, b, expected) => {
    expect(run(task, `S = step.${name}(fn=addUp, b=${b}).apply(E0)\nreturn S`, { E0: twelve })).toEqual([expected]);
  });
});

describe("shapes", () => {
  const task = smallTask({ inputs: [{ name: "E0", elem: "f32", shape: ["A", "B"], gen: "normal" }] });
  const shapeAfter = (text: string): readonly string[] | string => {
    const typed = typecheck(programOf(`S = step.${text}.apply(E0)\nreturn S`, task), task);
    if ("fault" in typed) return typed.fault.message;
    const type = typed.types.get("S")!;
    return "shape" in type ? type.shape : [];
  };

  it.each([
    ["Promote(b=0)", ["1", "A", "B"]],
    ["Promote(b=1)", ["A", "1", "B"]],
    ["Promote(b=2)", ["A", "B", "1"]],
    ["Flatten(L=(1,))", ["A*B"]],
    ["Repeat(n=C)", ["C", "A", "B"]],
  ])("%s gives [%s]", (text, shape) => {
    expect(shapeAfter(text)).toEqual(shape);
  });

  it.each([
    ["Promote(b=3)", "Promote: b must be from 0 to 2, the rank of the stream plus one, not 3"],
    ["Flatten(L=(2,))", "Flatten: the first level must be from 1 to 1, the rank of the stream, not 2"],
    ["Bufferize(a=2)", "Bufferize: a must be from 1 to 1, the rank of the stream, not 2"],
    ["Repeat(n=7)", "Repeat: n must be a symbol of the task, A, B, C, not '7'"],
    ["Streamify()", "Streamify: the elements must be buffers, and are f32"],
  ])("%s is refused", (text, message) => {
    expect(shapeAfter(text)).toBe(message);
  });

  it("Repeat repeats every element", () => {
    const flat = smallTask({});
    expect(run(flat, "S = step.Repeat(n=B).apply(E0)\nreturn S", { E0: [1, 2, 3] })).toEqual([[1, 1, 2, 2, 3, 3]]);
  });

  it("RepeatRef repeats along the innermost axis of the reference", () => {
    const pair = smallTask({
      inputs: [
        { name: "E0", elem: "f32", shape: ["A"], gen: "normal" },
        { name: "E1", elem: "f32", shape: ["B", "A"], gen: "normal" },
      ],
    });
    const text = "S = step.RepeatRef().apply((E0, E1))\nreturn S";
    expect(run(pair, text, { E0: [1, 2, 3], E1: [0, 0, 0, 0, 0, 0] })).toEqual([[1, 1, 2, 2, 3, 3]]);
  });
});

describe("routing", () => {
  const routed = (init: number): Task =>
    smallTask({
      dims: { A: 3, E: 2 },
      experts: 2,
      inputs: [
        { name: "E0", elem: "f32", shape: ["A"], gen: "normal" },
        { name: "E1", elem: { multihot: "E" }, shape: ["A"], gen: "multihot", minOnes: 0, maxOnes: 2 },
      ],
      fns: [
        { name: "same", kind: "map", in: "f32", out: "f32", expr: ["x[0]"] },
        { name: "twice", kind: "map", in: "f32", out: "f32", expr: ["2*x[0]"] },
        { ...addUp, init: [init] },
      ],
    });
  const inputs = { E0: [10, 20, 30], E1: [1, 0, 0, 0, 1, 1] };

  it("Partition sends an element to every expert that is chosen", () => {
    expect(run(routed(0), "P = step.Partition(N=E).apply((E0, E1))\nreturn P", inputs)).toEqual([[10, 30], [30]]);
  });

  it.each([
    [0, [10, 0, 90]],
    [5, [15, 0, 95]],
  ])("Merge folds from %i the elements of the chosen experts, and gives zero where none is", (init, expected) => {
    const text = [
      "P = step.Partition(N=E_value).apply((E0, E1))",
      "fns = [same, twice]",
      "Q = [step.Map(fn=f).apply(x) for f, x in zip(fns, P)]",
      "S = step.Merge(fn=addUp).apply((Q, E1))",
      "return S",
    ].join("\n");
    expect(run(routed(init), text, inputs)).toEqual([expected]);
  });
});
