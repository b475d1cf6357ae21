/** Programs as text in the paper's syntax; what is read back is the same program. */
import type { Op, OpProgram } from "./program.ts";

/** One statement a line, the last `return`. */
export function printPython({ ops, returns }: OpProgram): string {
  return [...ops.map(statement), `return ${returns.join(", ")}`].join("\n");
}

function statement(op: Op): string {
  const targets = op.out.join(", ");
  const args = op.in.length === 1 ? op.in[0]! : `(${op.in.join(", ")})`;
  if (op.op === "MapEach") {
    return `${targets} = [step.Map(fn=f).apply(x) for f, x in zip([${op.fns.join(", ")}], ${args})]`;
  }
  return `${targets} = step.${op.op}(${settings(op).join(", ")}).apply(${args})`;
}

function settings(op: Op): string[] {
  switch (op.op) {
    case "Map":
    case "Merge":
      return [`fn=${op.fn}`];
    case "Accum":
    case "Scan":
      return [`fn=${op.fn}`, `b=${op.b}`];
    case "Promote":
      return [`b=${op.b}`];
    case "Bufferize":
      return [`a=${op.a}`];
    case "Repeat":
      return [`n=${op.n}`];
    case "Partition":
      return [`N=${op.n}`];
    case "Flatten":
      return [op.levels.length === 1 ? `L=(${op.levels[0]},)` : `L=(${op.levels.join(", ")})`];
    default:
      return [];
  }
}
