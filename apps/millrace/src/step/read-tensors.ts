/** What the off-chip tensors of a program hold. */
import type { Program } from "@millrace/step-ir";
import { spread, uniformTensor } from "@millrace/tensor";
import { type Binding, bindingTable } from "../cli/flags.ts";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { readTensor } from "../inputs/read-tensor.ts";

/** Numbers by tensor, row-major. */
export type ProgramTensors = Readonly<Record<string, Float64Array>>;

/**
 * Reads or makes up the tensors that `--tensor` names.
 *
 * @throws {MillraceError} `argument`, `operand-unknown`, `operand-shape`, and as `readTensor`
 */
export async function readTensors(
  program: Program,
  flags: { readonly tensor?: readonly Binding[] | undefined; readonly seed: number },
  { host }: Workplace,
): Promise<ProgramTensors> {
  const tensors: Record<string, Float64Array> = {};
  for (const [name, value] of bindingTable("--tensor", flags.tensor ?? [])) {
    const type = program.tensors.get(name);
    if (type === undefined) {
      const known = [...program.tensors.keys()].join(", ") || "none";
      throw new MillraceError("operand-unknown", `--tensor: the program has no tensor '${name}'; it has: ${known}`);
    }
    const count = type.rows * type.columns;
    const number = Number(value);
    if (value.trim() !== "" && !Number.isNaN(number)) tensors[name] = new Float64Array(count).fill(number);
    else if (value === "random") tensors[name] = made(type, flags.seed + Object.keys(tensors).length);
    else {
      const { dense, list } = await readTensor(host.folder, value);
      const { shape, values } = dense ?? spread(list);
      if (values.length !== count) {
        const expected = `[${type.rows}, ${type.columns}]`;
        throw new MillraceError("operand-shape", `${value} is [${shape.join(", ")}], tensor '${name}' is ${expected}`);
      }
      tensors[name] = Float64Array.from(values as ArrayLike<number>, Number);
    }
  }
  return tensors;
}

function made({ rows, columns }: { readonly rows: number; readonly columns: number }, seed: number): Float64Array {
  const { values } = spread(uniformTensor({ shape: [rows, columns], entries: rows * columns, seed }));
  return Float64Array.from(values as ArrayLike<number>, Number);
}
