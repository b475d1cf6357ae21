import { type Tensor, unpack } from "@millrace/tensor";
import { compileProgram } from "../../src/compile/compile-program.ts";
import { type ProgramRun, simulateProgram } from "../../src/compile/simulate-program.ts";
import { storedTensor } from "../../src/compile/stored-tensor.ts";
import { evaluateProgram } from "../../src/program/evaluate/evaluate-program.ts";
import { parseProgram } from "../../src/program/parse-program.ts";
import type { EinsumProgram } from "../../src/program/program.ts";
import type { FusionSchedule } from "../../src/schedule/schedule.ts";

/** A program of `statements` over `operands`, whose declarations are made from them. */
export function programOver(operands: Readonly<Record<string, Tensor>>, statements: string): EinsumProgram {
  const inputs = Object.entries(operands).map(([name, { shape, levels, format }]) => {
    const letters = levels.map(({ kind }) => (kind === "dense" ? "d" : "s")).join("");
    return shape.length === 0
      ? `input ${name}`
      : `input ${name}(${shape.join(", ")}): ${letters}${format.modeOrder.join("")}`;
  });
  return parseProgram([...inputs, statements].join("\n"));
}

/** All statements in one region. */
export function oneRegion(program: EinsumProgram): FusionSchedule["regions"] {
  return [{ name: "all", tensors: program.statements.map(({ tensor }) => tensor) }];
}

/** The dense values of a tensor, row by row. */
export function denseOf(tensor: Tensor): Float64Array {
  const dense = new Float64Array(tensor.shape.reduce((size, extent) => size * extent, 1));
  const { coordinates, values } = unpack(tensor);
  for (let entry = 0; entry < values.length; entry++) {
    const place = coordinates.reduce((at, column, mode) => at * tensor.shape[mode]! + column[entry]!, 0);
    dense[place]! += values[entry]!;
  }
  return dense;
}

/** A run, and by how much its worst output value differs from the reference. */
export interface CheckedRun {
  readonly run: ProgramRun;
  readonly error: number;
}

/** Compiles, simulates and compares every output with the dense reference. */
export function checkedRun(
  program: EinsumProgram,
  operands: Readonly<Record<string, Tensor>>,
  schedule: FusionSchedule,
): CheckedRun {
  const stored = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  const run = simulateProgram(compileProgram(program, { schedule, stored }), operands);
  const reference = evaluateProgram(program, operands);
  let error = 0;
  for (const output of program.outputs) {
    const found = denseOf(run.tensors.get(output)!);
    reference.get(output)!.values.forEach((value, place) => {
      error = Math.max(error, Math.abs(value - found[place]!));
    });
  }
  return { run, error };
}
