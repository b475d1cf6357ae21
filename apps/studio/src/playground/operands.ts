/** Small random operands for an expression, as its formats store them. */
import {
  type Assignment,
  accessesOf,
  type CoordinateList,
  coordinateList,
  csfFormat,
  denseFormat,
  entryCount,
  formatName,
  formatOf,
  pack,
  parseFormat,
  printFormat,
  type Tensor,
  type TensorFormat,
  uniformTensor,
} from "@millrace/tensor";
import type { DrawnTensor } from "./answer.ts";
import { TensorFault } from "./fault.ts";
import type { PlaygroundRequest } from "./request.ts";

/** Most points of the index space: the dense evaluation visits each. */
const mostPoints = 2 ** 22;
/** Most entries of one operand. */
const mostEntries = 2 ** 18;

/** An operand as a list and as stored. */
export interface Operand {
  readonly drawn: DrawnTensor;
  readonly list: CoordinateList;
  readonly tensor: Tensor;
}

/**
 * Draws the operands of `assignment`: vectors and scalars full, the rest with a share of entries; values are quarters, so
 * that sums of them are exact in whatever order.
 *
 * @throws {TensorFault} for a format that cannot store its tensor
 * @throws {RangeError} for more than can be evaluated at once
 */
export function drawOperands(assignment: Assignment, request: PlaygroundRequest): Operand[] {
  const accesses = new Map(accessesOf(assignment.right).map((access) => [access.tensor, access]));
  const variables = new Set([...accesses.values()].flatMap(({ indices }) => indices.map(({ name }) => name)));
  const points = request.extent ** variables.size;
  if (points > mostPoints) {
    const fitting = Math.floor(mostPoints ** (1 / variables.size) + 1e-9);
    throw new RangeError(
      `${variables.size} indices of extent ${request.extent} are ${points.toLocaleString("en-US")} points, more than ${mostPoints.toLocaleString("en-US")}: take an extent of at most ${fitting}`,
    );
  }
  return [...accesses.values()].map(({ tensor: name, indices }, at) => {
    const list = drawnList(indices.length, request, at);
    const asked = request.formats[name];
    const { format, tensor } = stored(name, list, asked);
    const drawn = {
      name,
      indices: indices.map((index) => index.name),
      shape: list.shape,
      entries: entryCount(list),
      format,
      asked: asked !== undefined,
    };
    return { drawn, list, tensor };
  });
}

/** The format of the result that was asked for; undefined to let it be chosen. @throws {TensorFault} */
export function resultFormat({ output }: Assignment, { formats }: PlaygroundRequest): TensorFormat | undefined {
  const text = formats[output.tensor];
  return text === undefined ? undefined : blamed(output.tensor, () => parseFormat(text, output.indices.length));
}

function drawnList(order: number, { extent, density, seed }: PlaygroundRequest, at: number): CoordinateList {
  const values = { seed: seed * 1000 + at, values: "quarters" } as const;
  if (order === 0) {
    const [value] = uniformTensor({ shape: [1], entries: 1, ...values }).values;
    return coordinateList([], [[value as number]]);
  }
  const shape = new Array<number>(order).fill(extent);
  const whole = extent ** order;
  const entries = Math.min(order === 1 ? whole : Math.round(density * whole), mostEntries);
  return uniformTensor({ shape, entries, ...values });
}

function stored(name: string, list: CoordinateList, asked: string | undefined): { format: string; tensor: Tensor } {
  const order = list.shape.length;
  return blamed(name, () => {
    const format = asked === undefined ? usualFormat(order) : parseFormat(asked, order);
    return { format: formatName(format) ?? printFormat(format), tensor: pack(list, format, { valueType: "float64" }) };
  });
}

/** Vectors are dense, matrices stored by rows, the rest as trees. */
function usualFormat(order: number): TensorFormat {
  if (order < 2) return denseFormat(order);
  return order === 2 ? formatOf(["dense", "compressed"]) : csfFormat(order);
}

function blamed<Value>(name: string, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    throw new TensorFault(name, error);
  }
}
