import {
  type CoordinateList,
  coordinateList,
  type DenseArray,
  evaluateDense,
  pack,
  parseAssignment,
  parseFormat,
  type Tensor,
  unpack,
} from "@millrace/tensor";

/** Small numbers of a fixed sequence (Park and Miller's multiplier). */
export class Draws {
  #state: number;

  constructor(seed: number) {
    this.#state = (seed % 2147483646) + 1;
    for (let warm = 0; warm < 5; warm++) this.below(2);
  }

  /** An integer from 0 up to `limit`, not included. */
  below(limit: number): number {
    this.#state = (this.#state * 48271) % 2147483647;
    return Math.floor((this.#state / 2147483647) * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.below(rest.length), 1)[0]!);
  }
}

/** A random assignment with stored operands, and its value as plain loops compute it. */
export interface RandomKernel {
  readonly text: string;
  readonly operands: Readonly<Record<string, Tensor>>;
  readonly resultFormat: string;
  readonly expected: DenseArray;
}

const variables = ["i", "j", "k", "l"];

/** Draws a kernel: 1 to 6 operands of 0 to 4 modes in any formats, joined by + - and *. */
export function randomKernel(seed: number): RandomKernel {
  const draws = new Draws(seed);
  const used = variables.slice(0, 1 + draws.below(draws.below(3) === 0 ? 4 : 3));
  const extents = new Map(used.map((name) => [name, draws.below(12) === 0 ? 0 : 1 + draws.below(6)]));
  const operands: Record<string, Tensor> = {};
  const lists: Record<string, CoordinateList> = {};
  const count = 1 + draws.below(draws.below(4) === 0 ? 6 : 3);
  const accesses = Array.from({ length: count }, (_, at) => {
    const wanted = draws.below(3) === 0 ? draws.below(used.length + 1) : used.length;
    const own = draws.shuffled(used).slice(0, wanted);
    const indices = draws.below(3) === 0 ? own : used.filter((name) => own.includes(name));
    const name = `T${at}`;
    lists[name] = randomList(
      draws,
      indices.map((index) => extents.get(index)!),
    );
    operands[name] = pack(lists[name], parseFormat(randomFormat(draws, indices.length), indices.length));
    return indices.length === 0 ? name : `${name}(${indices.join(",")})`;
  });
  const present = used.filter((name) => accesses.some((access) => access.includes(name)));
  const kept = present.filter(() => draws.below(3) > 0);
  const output = draws.below(3) === 0 ? draws.shuffled(kept) : kept;
  const text = `R${output.length === 0 ? "" : `(${output.join(",")})`} = ${joined(draws, accesses)}`;
  const resultFormat = output.length === 0 ? "none" : randomFormat(draws, output.length);
  const dense = Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, denseOf(list)]));
  return { text, operands, resultFormat, expected: evaluateDense(parseAssignment(text), dense) };
}

function randomList(draws: Draws, shape: readonly number[]): CoordinateList {
  const size = shape.reduce((product, extent) => product * extent, 1);
  const fill = draws.pick([0, 1, 3, 5, 10]);
  const rows: number[][] = [];
  for (let at = 0; at < size; at++) {
    if (draws.below(10) >= fill) continue;
    let rest = at;
    const coordinates = [...shape].reverse().map((extent) => {
      const coordinate = rest % extent;
      rest = Math.floor(rest / extent);
      return coordinate;
    });
    rows.push([...coordinates.reverse(), (draws.below(25) - 12) / 4]);
  }
  return coordinateList(shape, rows);
}

function randomFormat(draws: Draws, order: number): string {
  if (order === 0) return "none";
  const modes = draws.below(4) === 0 ? draws.shuffled(Array.from({ length: order }, (_, m) => m)) : undefined;
  const suffix = modes === undefined ? "" : `:${modes.join(",")}`;
  if (draws.below(8) === 0) return `u${"q".repeat(order - 1)}${suffix}`;
  const letters = draws.below(6) === 0 ? ["d", "s", "b", "h"] : ["d", "s", "s"];
  return `${Array.from({ length: order }, () => draws.pick(letters)).join("")}${suffix}`;
}

function joined(draws: Draws, parts: readonly string[]): string {
  const [only] = parts;
  if (parts.length === 1) return draws.below(6) === 0 ? `2 * ${only}` : draws.below(12) === 0 ? `-${only}` : only!;
  const split = 1 + draws.below(parts.length - 1);
  const operator = draws.pick(["+", "-", "*", "*", "+"]);
  const left = joined(draws, parts.slice(0, split));
  const right = joined(draws, parts.slice(split));
  return `(${left} ${operator} ${right})`;
}

function denseOf(list: CoordinateList): DenseArray {
  const values = new Float64Array(list.shape.reduce((size, extent) => size * extent, 1));
  list.values.forEach((value, e) => {
    values[list.coordinates.reduce((at, column, mode) => at * list.shape[mode]! + column[e]!, 0)]! += value;
  });
  return { shape: list.shape, values };
}

/** All elements of a stored result. */
export function denseResult(tensor: Tensor): DenseArray {
  return denseOf(unpack(tensor));
}
