/** Einsum strings as models of one node: the shortest way to state a contraction. */
import { DiagnosticBag, type Source } from "@millrace/ir-text";
import { parseFormat } from "@millrace/tensor";
import { GraphBuilder } from "../../graph/graph-builder.ts";
import type { ModelGraph } from "../../graph/model-graph.ts";
import type { Size } from "../../graph/size.ts";
import { placeOf } from "../torch/text-place.ts";

/** What an equation does not say of its operands. All lists are in operand order. */
export interface EinsumOptions {
  /** Shapes; without them every index letter is a symbolic size. */
  readonly shapes?: readonly (readonly number[])[];
  /** What the operands are called; A, B, C, … unless given. */
  readonly names?: readonly string[];
  /** Storage formats as `parseFormat` reads them, such as `ds` or `CSR`. */
  readonly formats?: readonly (string | undefined)[];
}

interface Term {
  readonly letters: string;
  readonly start: number;
}

/**
 * A model that computes one einsum, such as `ij,jk->ik`. Without an arrow the result has the indices that appear once,
 * in alphabetical order.
 *
 * @throws {DiagnosticError} with the column of every fault
 *
 * @example
 * ```ts
 * importEinsum("ij,jk->ik").nodes[0]?.op; // => "einsum"
 * ```
 */
export function importEinsum(equation: string | Source, options: EinsumOptions = {}): ModelGraph {
  const source = typeof equation === "string" ? { name: "einsum", text: equation } : equation;
  const bag = new DiagnosticBag();
  const { operands, output } = parse(source, bag);
  check(source, operands, output, bag);
  bag.throwIfFailed();
  const place = placeOf({ source, start: 0, end: source.text.length });
  const builder = new GraphBuilder("einsum", { format: "einsum", file: source.name, version: "", producer: "" });
  const names = operands.map((_, index) => options.names?.[index] ?? String.fromCharCode(65 + (index % 26)));
  for (const [index, { letters }] of operands.entries()) {
    const name = names[index] as string;
    const shape: Size[] = [...letters].map((letter, axis) => sizeOf(builder, letter, options.shapes?.[index]?.[axis]));
    const text = options.formats?.[index];
    const format = text === undefined ? undefined : parseFormat(text, shape.length);
    builder.value(name, { dtype: "f64", shape, layout: "strided", format });
    builder.input(name, name, place);
  }
  const right = output?.letters ?? implicitOutput(operands);
  const text = `${operands.map(({ letters }) => letters).join(",")}->${right}`;
  builder.node({ op: "einsum", inputs: names, attributes: { equation: text }, outputs: ["result"], place });
  builder.output("result", "result", place);
  return builder.finish();
}

function sizeOf(builder: GraphBuilder, letter: string, given: number | undefined): Size {
  if (given !== undefined) return given;
  if (builder.symbolOf(letter) === undefined) {
    builder.symbol({ name: letter, minimum: 0, maximum: undefined, hint: undefined, equalTo: [] });
  }
  return { symbol: letter };
}

function implicitOutput(operands: readonly Term[]): string {
  const all = operands.map(({ letters }) => letters).join("");
  return [...all]
    .filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter))
    .sort()
    .join("");
}

function parse(source: Source, bag: DiagnosticBag): { operands: Term[]; output: Term | undefined } {
  const { text } = source;
  const report = (start: number, message: string, help: string) =>
    bag.report({
      severity: "error",
      code: "syntax",
      message,
      help,
      span: { source, start, end: Math.min(text.length, start + 1) },
    });
  const terms: Term[] = [];
  let arrow = -1;
  let current = { letters: "", start: 0 };
  for (let at = 0; at < text.length; at++) {
    const letter = text[at] as string;
    if (/\s/.test(letter)) continue;
    if (/[A-Za-z]/.test(letter)) {
      current =
        current.letters === "" ? { letters: letter, start: at } : { ...current, letters: current.letters + letter };
    } else if (letter === ",") {
      if (arrow >= 0) report(at, "a comma in the result", "an einsum has one result");
      terms.push(current);
      current = { letters: "", start: at + 1 };
    } else if (letter === "-" && text[at + 1] === ">" && arrow < 0) {
      arrow = at++;
      terms.push(current);
      current = { letters: "", start: at + 1 };
    } else {
      const what =
        letter === "-" || letter === ">"
          ? "the arrow is written ->, once"
          : "indices are letters, operands are separated by commas";
      report(at, `unexpected ${JSON.stringify(letter)}`, what);
    }
  }
  if (arrow < 0) terms.push(current);
  if (arrow < 0 && terms.every(({ letters }) => letters === ""))
    report(0, "an empty equation", "write letters for indices, as in ij,jk->ik");
  return { operands: terms, output: arrow < 0 ? undefined : current };
}

function check(source: Source, operands: readonly Term[], output: Term | undefined, bag: DiagnosticBag): void {
  if (output === undefined || bag.failed) return;
  const all = operands.map(({ letters }) => letters).join("");
  for (const [index, letter] of [...output.letters].entries()) {
    const repeated = output.letters.indexOf(letter) < index;
    if (!repeated && all.includes(letter)) continue;
    const message = repeated
      ? `index ${letter} appears twice in the result`
      : `index ${letter} of the result is in no operand`;
    const help = repeated ? "a result has every index once" : "every index of the result comes from an operand";
    const span = { source, start: output.start, end: Math.max(output.start + 1, source.text.trimEnd().length) };
    bag.report({ severity: "error", code: "index", message, help, span });
  }
}
