/** Prints einsum programs as text that `parseProgram` reads back. */
import type { EinsumProgram, ProgramExpression, ProgramStatement } from "./program.ts";

/** The text of a program. Programs that differ print differently. */
export function printProgram(program: EinsumProgram): string {
  const lines = [`program ${program.name}`];
  for (const { name, shape, format } of program.inputs) {
    const extents = shape.length === 0 ? "" : `(${shape.join(", ")})`;
    lines.push(`input ${name}${extents}${shape.length === 0 ? "" : `: ${printFormat(format)}`}`);
  }
  const regionOf = new Map(program.regions?.flatMap((region) => region.tensors.map((tensor) => [tensor, region])));
  let open: string | undefined;
  for (const statement of program.statements) {
    const region = regionOf.get(statement.tensor)?.name;
    if (open !== undefined && region !== open) lines.push("}");
    if (region !== undefined && region !== open) lines.push(`fuse ${region} {`);
    open = region;
    lines.push(`${open === undefined ? "" : "  "}${printStatement(statement)}`);
  }
  if (open !== undefined) lines.push("}");
  lines.push(`output ${program.outputs.join(", ")}`, "");
  return lines.join("\n");
}

/** A format as a program text gives it: quoted, unless it is a name with at most the extents of tiles. */
function printFormat(format: string): string {
  return /^\w+(\(\w*\))?$/.test(format) ? format : JSON.stringify(format);
}

/** One statement, as in `y(i) = A(i,j) * x(j)`. */
export function printStatement({ tensor, indices, expression }: ProgramStatement): string {
  return `${access(tensor, indices)} = ${print(expression, 0)}`;
}

function access(tensor: string, indices: readonly string[]): string {
  return indices.length === 0 ? tensor : `${tensor}(${indices.join(",")})`;
}

const symbols = { add: "+", sub: "-", mul: "*", div: "/" } as const;

/** `level` is how tightly the context binds: 0 a whole side, 1 an operand of a sum, 2 a factor, 3 a right factor. */
function print(expression: ProgramExpression, level: number): string {
  switch (expression.kind) {
    case "access":
      return access(expression.tensor, expression.indices);
    case "softmax":
      return `softmax[${expression.over}](${print(expression.operand, 0)})`;
    case "reduction":
      return `${expression.operation === "add" ? "sum" : "max"}[${expression.over.join(",")}](${print(expression.operand, 0)})`;
    case "unary":
      return printUnary(expression, level);
    case "binary": {
      const { operation, left, right } = expression;
      if (operation === "max") return `max(${print(left, 0)}, ${print(right, 0)})`;
      const sum = operation === "add" || operation === "sub";
      const text = sum
        ? `${print(left, 0)} ${symbols[operation]} ${print(right, 1)}`
        : `${print(left, 2)} ${symbols[operation]} ${print(right, 3)}`;
      return level > (sum ? 0 : 2) ? `(${text})` : text;
    }
  }
}

function printUnary(
  { operation, constant = 0, operand }: Extract<ProgramExpression, { readonly kind: "unary" }>,
  level: number,
): string {
  if (operation === "max") return `max(${print(operand, 0)}, ${constant})`;
  if (!operation.startsWith("scalar-")) return `${operation}(${print(operand, 0)})`;
  const sign = operation === "scalar-add" ? "+" : operation === "scalar-mul" ? "*" : "/";
  const number = constant < 0 ? `(${constant})` : `${constant}`;
  const text = `${print(operand, operation === "scalar-add" ? 0 : 2)} ${sign} ${number}`;
  return level > (operation === "scalar-add" ? 0 : 2) ? `(${text})` : text;
}
