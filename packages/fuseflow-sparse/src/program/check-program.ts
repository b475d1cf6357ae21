/** Faults of an einsum program beyond its grammar: names, orders, repeated indices, formats, regions, extents. */
import { type DiagnosticBag, nearest, type Span } from "@millrace/ir-text";
import { parseFormat, TensorError, tileShape } from "@millrace/tensor";
import { maximumTile } from "../sam/tile-work.ts";
import { programExtents } from "./extents.ts";
import { accessesIn, type EinsumProgram, type ProgramStatement, variablesOf } from "./program.ts";

/** Reports everything that is wrong with `program`. */
export function checkProgram(program: EinsumProgram, bag: DiagnosticBag): void {
  const report: Report = (code, message, span, help) =>
    bag.report({ severity: "error", code: `program-${code}`, message, ...(span && { span }), ...(help && { help }) });
  const orders = new Map<string, number>();
  for (const { name, shape, format, span } of program.inputs) {
    if (orders.has(name)) report("name-taken", `${name} is declared twice`, span);
    orders.set(name, shape.length);
    const problem = formatProblem(format, shape.length);
    if (problem !== null)
      report("format", `${name}: ${problem}`, span, "write d or s for each mode, such as ds or ss10, or BCSR(4x4)");
  }
  if (program.statements.length === 0)
    report("empty", "a program needs a statement", undefined, "add y(i) = A(i,j) * x(j)");
  for (const statement of program.statements) {
    checkStatement(statement, orders, report);
    if (orders.has(statement.tensor)) report("name-taken", `${statement.tensor} is already defined`, statement.span);
    orders.set(statement.tensor, statement.indices.length);
  }
  const results = new Set(program.statements.map(({ tensor }) => tensor));
  for (const output of program.outputs) {
    if (results.has(output)) continue;
    const near = nearest(output, results);
    report("output-unknown", `output ${output} is not computed`, undefined, near && `did you mean ${near}?`);
  }
  if (!bag.failed) for (const { message, span } of programExtents(program).conflicts) report("extent", message, span);
}

type Report = (code: string, message: string, span: Span | undefined, help?: string) => void;

/** Why `format` does not store a tensor of this order, or null. */
function formatProblem(format: string, order: number): string | null {
  try {
    const parsed = parseFormat(format, order);
    const odd = parsed.levels.find(({ kind }) => kind !== "dense" && kind !== "compressed" && kind !== "block");
    if (odd !== undefined) return `a ${odd.kind} level has no scanner`;
    const sizes = new Set(tileShape(parsed, order).filter((extent) => extent > 1));
    const oblong = sizes.size > 1 || Math.max(1, ...sizes) > maximumTile;
    return oblong ? `tiles must be square, of at most ${maximumTile}` : null;
  } catch (error) {
    if (error instanceof TensorError) return error.message;
    throw error;
  }
}

function checkStatement(statement: ProgramStatement, orders: ReadonlyMap<string, number>, report: Report): void {
  const { tensor, indices, expression, span } = statement;
  if (new Set(indices).size < indices.length) report("repeated-index", `${tensor} has an index twice`, span);
  for (const { tensor: used, indices: at } of accessesIn(expression)) {
    const order = orders.get(used);
    if (order === undefined) {
      const near = nearest(used, orders.keys());
      report(
        "name-unknown",
        `${used} is neither an input nor an earlier result`,
        span,
        near && `did you mean ${near}?`,
      );
    } else if (order !== at.length) {
      report("order", `${used} has ${order} ${order === 1 ? "mode" : "modes"}, but is used with ${at.length}`, span);
    }
    if (new Set(at).size < at.length)
      report("repeated-index", `${used} is used with an index twice: a diagonal has no scanner`, span);
  }
  const variables = variablesOf(expression);
  const missing = indices.filter((index) => !variables.includes(index));
  if (missing.length > 0) {
    const help = "multiply by a tensor over it that holds ones";
    report(
      "broadcast",
      `${tensor} would be the same for every ${missing.join(", ")}, which the right side lacks`,
      span,
      help,
    );
  }
}
