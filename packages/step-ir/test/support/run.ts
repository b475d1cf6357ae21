import { interpret, output, type Program, type Stream, type Token, type Value } from "../../src/index.ts";
import { scalars, shown } from "./streams.ts";

/** Interprets a program of one source `x` of scalars, and shows what `stream` carries. */
export function run(program: Program, stream: Stream, text: string): string {
  return shown(carried(program, stream, { x: scalars(text, rankOfSource(program)) }));
}

/** What `stream` carries for the given sources. */
export function carried(
  program: Program,
  stream: Stream,
  sources: Record<string, readonly Token<Value>[]>,
): readonly Token<Value>[] {
  const id = `out${program.nodes.length}`;
  output(stream, { id });
  return interpret(program, { sources }).outputs[id]!;
}

function rankOfSource(program: Program): number {
  return program.node("x")!.outputs[0]!.shape.length - 1;
}
