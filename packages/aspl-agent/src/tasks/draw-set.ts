/** Draws inputs and parameters for a task from a seed. */

import { RandomStream } from "@millrace/tensor";
import { type Sizes, sizeOf } from "../program/dim.ts";
import { leavesOf } from "../program/element-type.ts";
import type { Generator, Task } from "./task.ts";
import type { Tensor, TensorSet } from "./tensor-set.ts";

/** Inputs and parameters of a task at given sizes. Every tensor has a random stream of its own. */
export function drawSet(task: Task, sizes: Sizes, seed: number): TensorSet {
  const name = `seed ${seed} at ${Object.entries(sizes)
    .map(([symbol, size]) => `${symbol}=${size}`)
    .join(" ")}`;
  const draw = (purpose: string, dims: readonly string[], generator: Generator): Tensor => {
    const shape = dims.map((dim) => sizeOf(dim, sizes)!).reverse();
    const random = new RandomStream(seed, `${task.id}/${purpose}`);
    return { shape, values: drawValues(shape, generator, random) };
  };
  const inputs = task.inputs.map((input) => {
    const tensors = leavesOf(input.elem).map((leaf, part) =>
      draw(`${input.name}/${part}`, [...leaf.dims, ...input.shape], input),
    );
    return [input.name, tensors] as const;
  });
  const params = task.params.map((param) => [param.name, draw(param.name, param.shape, { gen: "normal" })] as const);
  return { name, sizes, inputs: Object.fromEntries(inputs), params: Object.fromEntries(params) };
}

function drawValues(shape: readonly number[], generator: Generator, random: RandomStream): Float64Array {
  const values = new Float64Array(shape.reduce((product, size) => product * size, 1));
  switch (generator.gen) {
    case "ones":
      return values.fill(1);
    case "uniform01":
      return values.map(() => random.unit());
    case "normal":
      return values.map(() => random.normal());
    case "multihot": {
      const experts = shape.at(-1)!;
      const least = Math.min(generator.minOnes, experts);
      const most = Math.min(generator.maxOnes, experts);
      for (let start = 0; start < values.length; start += experts) {
        const ones = least + random.below(most - least + 1);
        const order = random.shuffle(Array.from({ length: experts }, (_, expert) => expert));
        for (const expert of order.slice(0, ones)) values[start + expert] = 1;
      }
      return values;
    }
  }
}

/**
 * Other sizes for the symbols of a task: all different, odd ones two larger, even ones half as large, so that a program
 * that is right for the default sizes alone is found out. The number of experts stays.
 */
export function otherSizes(task: Task): Sizes {
  const sizes: Record<string, number> = {};
  const taken = new Set<number>();
  for (const [symbol, size] of Object.entries(task.dims)) {
    let other = size % 2 === 1 ? size + 2 : Math.max(2, 2 * Math.round(size / 4));
    if (symbol === "E") other = size;
    else while (taken.has(other)) other += 2;
    sizes[symbol] = other;
    taken.add(other);
  }
  return sizes;
}
