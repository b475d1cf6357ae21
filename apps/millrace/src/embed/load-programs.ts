/** The programs of the SCF level that a file holds. */
import {
  isNest,
  isPublishedSyntax,
  levelOf,
  nameOfOperation,
  type Operation,
  operationNest,
  operationOf,
  operationOfNest,
  type Program,
  parseProgram,
  raise,
  raiseNest,
  readPublished,
  widthOf,
} from "@millrace/ember-dae";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";
import { withModel } from "../inputs/load-model.ts";

/** A program, what operation it is, and which value of the model it gives. */
export interface NamedProgram {
  readonly name: string;
  readonly result: string;
  readonly program: Program;
  /** The operation that compiled kernels know it as, and the elements of its rows, where that is known. */
  readonly operation: Operation | undefined;
  readonly width: number | undefined;
}

/** Programs of a model, of a loop nest in MLIR's own syntax, of a text in generic form, or of Ember's published compiler. */
export async function loadPrograms(folder: string, file: string): Promise<readonly NamedProgram[]> {
  const given = loadProgram(folder, file);
  if (given !== undefined) return [{ name: given.name, result: "", ...nestParts(given) }];
  return withModel(folder, file, {}, (graph) => {
    if (isNest(graph)) {
      const { program } = raiseNest(graph);
      return [{ name: program.name, result: graph.outputNames[0] ?? "", ...nestParts(program) }];
    }
    const { lookups } = raise(graph);
    if (lookups.length === 0) {
      throw new MillraceError("argument", `${file} has no embedding operation`, {
        help: "bags, embeddings, sparse products, sampled products and gathers of rows are found",
      });
    }
    return lookups.map((lookup) => {
      const operation = operationOf(lookup, graph);
      const [name, program] = [nameOfOperation(operation), operationNest(operation)];
      return { name, result: lookup.result, program, operation, width: widthOf(lookup, graph) };
    });
  });
}

/** The program that a text is, in generic form or as Ember's published compiler prints it; undefined for models and nests. */
export function loadProgram(folder: string, file: string): Program | undefined {
  if (!file.endsWith(".mlir")) return undefined;
  const text = readText(folder, file);
  if (/^\s*(?:\/\/[^\n]*\n\s*)*"func\.func"/.test(text)) return parseProgram({ name: file, text });
  return isPublishedSyntax(text) ? readPublished({ name: file, text }) : undefined;
}

function nestParts(program: Program): Pick<NamedProgram, "program" | "operation" | "width"> {
  const operation = levelOf(program) === "scf" ? operationOfNest(program)?.operation : undefined;
  return { program, operation, width: undefined };
}
