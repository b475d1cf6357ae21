/** The operands of `millrace kernel`, read or drawn and stored as asked for. */
import {
  type Access,
  type Assignment,
  accessesOf,
  type CoordinateList,
  csfFormat,
  csr,
  denseFormat,
  entryCount,
  pack,
  parseFormat,
  type Tensor,
  type TensorFormat,
} from "@millrace/tensor";
import { type Binding, bindingTable } from "../cli/flags.ts";
import { MillraceError } from "../errors.ts";
import { type OperandSource, readOperands } from "../inputs/operands.ts";
import { enumeration } from "../terminal/wording.ts";

/** What the command line says of the tensors. */
export interface KernelInputFlags {
  readonly format?: readonly Binding[] | undefined;
  readonly input?: readonly Binding[] | undefined;
  readonly dims?: readonly Binding[] | undefined;
  /** Code can be printed for operands that are not given. */
  readonly emit?: string | undefined;
}

/** Extent of operands that are drawn to print code for them. */
const sampleExtent = 42;

/** Operands as lists, for the reference, and as stored. */
export interface KernelInputs {
  readonly lists: Readonly<Record<string, CoordinateList>>;
  readonly tensors: Readonly<Record<string, Tensor>>;
  readonly resultFormat: TensorFormat | undefined;
}

/**
 * Reads, draws and stores the operands.
 *
 * @throws {MillraceError} `operand-missing`, `operand-unknown`, `operand-shape`, `argument`, and as files are read
 */
export async function kernelInputs(
  assignment: Assignment,
  flags: KernelInputFlags,
  source: OperandSource,
): Promise<KernelInputs> {
  const accesses = new Map(accessesOf(assignment.right).map((access) => [access.tensor, access]));
  const { output } = assignment;
  if (assignment.operator === "+=") accesses.set(output.tensor, output);
  const formats = bindingTable("-f", flags.format ?? []);
  const shapes = new Map(
    [...bindingTable("--dims", flags.dims ?? [])].map(([name, text]) => [name, shapeOf(name, text)]),
  );
  const known = [...new Set([...accesses.keys(), output.tensor])];
  for (const [flag, names] of [
    ["-f", formats.keys()],
    ["--dims", shapes.keys()],
  ] as const)
    for (const name of names)
      if (!known.includes(name))
        throw new MillraceError("operand-unknown", `${flag} names ${name}, which the expression does not have`, {
          help: `its tensors are ${enumeration(known)}`,
        });
  const given = bindingTable(
    "-i",
    (flags.input ?? []).map((binding) => withShape(binding, shapes)),
  );
  const bindings = flags.emit === undefined ? given : withSamples(given, accesses, shapes);
  const uses = [...accesses.values()].map(({ tensor, indices }) => ({
    name: tensor,
    // A dimension that is given is not asked of the other operands.
    indices: shapes.has(tensor) ? indices.map(() => "") : indices.map(({ name }) => name),
  }));
  const read = await readOperands(uses, bindings, source);
  const lists = Object.fromEntries(
    Object.entries(read).map(([name, list]) => [name, reshaped(list, shapes.get(name), accesses.get(name)!)]),
  );
  const tensors = Object.fromEntries(
    Object.entries(lists).map(([name, list]) => [name, stored(list, formats.get(name))]),
  );
  const wanted = formats.get(output.tensor);
  return {
    lists,
    tensors,
    resultFormat: wanted === undefined ? undefined : parseFormat(wanted, output.indices.length),
  };
}

function shapeOf(name: string, text: string): number[] {
  if (/^\d{1,10}(?:[x,]\d{1,10})*$/.test(text)) return text.split(/[x,]/).map(Number);
  throw new MillraceError("argument", `--dims ${name}=${text} is no list of extents`, {
    help: `write --dims ${name}=5x7`,
  });
}

/** `random:0.1` draws in the shape that `--dims` gives. */
function withShape({ name, value }: Binding, shapes: ReadonlyMap<string, readonly number[]>): Binding {
  const [, share] = /^random(?::(\d*\.\d+))?$/.exec(value) ?? [];
  const shape = shapes.get(name);
  if (shape === undefined || (share === undefined && value !== "random")) return { name, value };
  return { name, value: `random:${shape.join("x")}${share === undefined ? "" : `:${share}`}` };
}

/** Draws what is not given: only the loops matter. */
function withSamples(
  given: ReadonlyMap<string, string>,
  accesses: ReadonlyMap<string, Access>,
  shapes: ReadonlyMap<string, readonly number[]>,
): Map<string, string> {
  const bindings = new Map(given);
  for (const [name, { indices }] of accesses) {
    if (bindings.has(name)) continue;
    const shape = shapes.get(name) ?? indices.map(() => sampleExtent);
    const share = shape.length < 2 ? "1" : "0.1";
    bindings.set(name, shape.length === 0 ? "1" : `random:${shape.join("x")}:${share}`);
  }
  return bindings;
}

function reshaped(
  list: CoordinateList,
  shape: readonly number[] | undefined,
  { tensor, indices }: Access,
): CoordinateList {
  if (shape === undefined) return list;
  if (shape.length !== indices.length)
    throw new MillraceError(
      "operand-shape",
      `--dims gives ${tensor} ${shape.length} extents; it has ${indices.length} indices`,
    );
  list.coordinates.forEach((column, mode) => {
    const outside = column.findIndex((coordinate) => coordinate >= shape[mode]!);
    if (outside >= 0)
      throw new MillraceError(
        "operand-shape",
        `${tensor} has an entry at ${column[outside]} in mode ${mode}, beyond the extent of ${shape[mode]} that --dims gives`,
      );
  });
  return { ...list, shape };
}

/** Without a format: dense if it is full or a vector, else rows or fibres of entries. */
function stored(list: CoordinateList, format: string | undefined): Tensor {
  const order = list.shape.length;
  if (format !== undefined) {
    const parsed = parseFormat(format, order);
    return pack(list, parsed, { maximumPositions: 2 ** 29 });
  }
  const elements = list.shape.reduce((product, extent) => product * extent, 1);
  const dense = order < 2 || entryCount(list) === elements;
  return pack(list, dense ? denseFormat(order) : order === 2 ? csr : csfFormat(order), { maximumPositions: 2 ** 29 });
}

/** A format as the command takes it: letters of the levels, then the modes where they are not in their own order. */
export function shownFormat(tensor: Tensor): string {
  const letters: Record<string, string> = {
    dense: "d",
    compressed: "s",
    "compressed-nonunique": "u",
    singleton: "q",
    bitvector: "b",
    hashed: "h",
    block: "d",
  };
  const { levels, modeOrder } = tensor.format;
  if (levels.length === 0) return "none";
  const kinds = levels.map(({ kind }) => letters[kind]).join("");
  return modeOrder.every((mode, l) => mode === l) ? kinds : `${kinds}:${modeOrder.join(",")}`;
}
