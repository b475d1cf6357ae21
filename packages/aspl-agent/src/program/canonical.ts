/** One text for all programs that differ in names alone, or in operators that nothing returned depends on. */
import type { Op, OpProgram } from "./program.ts";

/** What counts as a difference. */
export interface CanonicalOptions {
  /** Take a copy for what it copies; otherwise programs with other Copies differ. */
  readonly withoutCopies?: boolean;
}

/**
 * The canonical text of a program: operators in the order in which what is returned first needs them, values numbered.
 * Equal texts mean equal programs up to names, dead operators and the order of independent lines.
 */
export function canonicalText({ ops, returns }: OpProgram, options: CanonicalOptions = {}): string {
  const makers = new Map<string, { readonly op: Op; readonly output: number }>();
  for (const op of ops) {
    for (const [output, name] of op.out.entries()) makers.set(name, { op, output });
  }
  const numbers = new Map<Op, number>();
  const lines: string[] = [];
  const numbered = (name: string): string => {
    const maker = makers.get(name);
    // A name that no operator makes is an input.
    if (maker === undefined) return name;
    const { op, output } = maker;
    if (op.op === "Copy" && options.withoutCopies) return numbered(op.in[0]!);
    let number = numbers.get(op);
    if (number === undefined) {
      const taken = op.in.map(numbered);
      number = numbers.size;
      numbers.set(op, number);
      lines.push(`${op.op}(${settingsOf(op)};${taken.join(",")})`);
    }
    return op.out.length === 1 ? `%${number}` : `%${number}.${output}`;
  };
  const returned = returns.map(numbered);
  return `${lines.join("\n")}\n=> ${returned.join(",")}`;
}

/** The program without operators that nothing returned depends on. */
export function withoutDeadOperators(program: OpProgram): OpProgram {
  const needed = new Set(program.returns);
  const ops: Op[] = [];
  for (const op of program.ops.toReversed()) {
    if (!op.out.some((name) => needed.has(name))) continue;
    for (const name of op.in) needed.add(name);
    ops.unshift(op);
  }
  return { ops, returns: program.returns };
}

function settingsOf(op: Op): string {
  switch (op.op) {
    case "Map":
    case "Merge":
      return op.fn;
    case "Accum":
    case "Scan":
      return `${op.fn},${op.b}`;
    case "Promote":
      return String(op.b);
    case "Bufferize":
      return String(op.a);
    case "Repeat":
    case "Partition":
      return op.n;
    case "MapEach":
      return op.fns.join(",");
    case "Flatten":
      return op.levels.join(",");
    default:
      return "";
  }
}
