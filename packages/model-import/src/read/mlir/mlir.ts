/** MLIR text: linalg on tensors with sparse encodings, arith and math, loops over memory. */
import type { Source } from "@millrace/ir-text";
import { ModelError } from "../../errors.ts";
import type { ModelGraph } from "../../graph/model-graph.ts";
import type { MlirFunction } from "./mlir-ast.ts";
import { MlirLowering } from "./mlir-lower.ts";
import { MlirParser } from "./mlir-parser.ts";
import { MlirFault } from "./mlir-scanner.ts";

/** Whether a text looks like MLIR. */
export function isMlir(text: string): boolean {
  return /^\s*(?:\/\/[^\n]*\n\s*)*(?:#[A-Za-z_]\w* =|![A-Za-z_]\w* =|module\b|func\.func\b|func @|"builtin\.module")/.test(
    text,
  );
}

/**
 * Reads one function of a text: the one that is named, or `main`, or the first that can be modelled.
 *
 * @throws {DiagnosticError} faults of the text, at the first operation that cannot be modelled
 * @throws {ModelError} `program-missing`
 */
export function readMlir(source: Source, wanted: string | undefined): ModelGraph {
  const parser = new MlirParser(source);
  const functions = parser.functions();
  const candidates = candidatesOf(functions, wanted);
  for (const candidate of candidates) {
    const lowering = new MlirLowering(source.name, candidate.name, parser.tokens);
    try {
      const graph = lowering.function(candidate);
      if (graph.outputs.length > 0 || candidates.length === 1) return graph;
    } catch (error) {
      if (!(error instanceof MlirFault)) throw error;
    }
  }
  if (parser.tokens.bag.failed) throw parser.tokens.error;
  const names = functions.map(({ name }) => name).join(", ");
  throw new ModelError(
    "program-missing",
    `no function${wanted === undefined ? "" : ` ${wanted}`} that gives a result`,
    {
      place: { file: source.name },
      help: names === "" ? "write a func.func with a body" : `the file has ${names}`,
    },
  );
}

function candidatesOf(functions: readonly MlirFunction[], wanted: string | undefined): readonly MlirFunction[] {
  const readable = functions.filter(
    ({ body, name }) => body !== undefined && (wanted === undefined || name === wanted),
  );
  const main = readable.filter(({ name }) => name === "main");
  return [...main, ...readable.filter(({ name }) => name !== "main")];
}
