/** Reads recorded inputs, parameters and outputs of tasks. */
import * as v from "valibot";
import { AsplError } from "../errors.ts";
import { sizeOf } from "../program/dim.ts";
import { leavesOf, type StreamType } from "../program/element-type.ts";
import { describeIssue } from "./schema.ts";
import type { Task } from "./task.ts";
import type { ExpectedSet, Tensor } from "./tensor-set.ts";

const tensor = v.object({ shape: v.array(v.number()), data: v.array(v.number()) });
const parts = v.union([
  v.array(tensor),
  v.pipe(
    tensor,
    v.transform((one) => [one]),
  ),
]);

const goldenSchema = v.object({
  id: v.string(),
  sets: v.pipe(
    v.array(
      v.object({
        name: v.string(),
        dims: v.record(v.string(), v.number()),
        inputs: v.record(v.string(), parts),
        params: v.optional(v.record(v.string(), tensor), {}),
        outputs: v.array(parts),
      }),
    ),
    v.minLength(1, "expected at least one set"),
  ),
});

/**
 * The recorded sets of a task, from parsed JSON.
 *
 * @throws {AsplError} `tensor-sets` naming the set and the tensor that is missing or has another shape than the task says.
 */
export function readGolden(json: unknown, task: Task): readonly ExpectedSet[] {
  const read = v.safeParse(goldenSchema, json, { abortEarly: true });
  if (!read.success) throw new AsplError("tensor-sets", describeIssue(read.issues[0]));
  if (read.output.id !== task.id) {
    throw new AsplError("tensor-sets", `the sets are those of '${read.output.id}', not of '${task.id}'`);
  }
  return read.output.sets.map(({ name, dims, inputs, params, outputs }) => {
    const fit = (what: string, given: readonly RawTensor[] | undefined, type: StreamType): readonly Tensor[] =>
      fitStream(`set '${name}', ${what}`, given, { type, sizes: dims });
    return {
      name,
      sizes: dims,
      inputs: Object.fromEntries(task.inputs.map((input) => [input.name, fit(input.name, inputs[input.name], input)])),
      params: Object.fromEntries(
        task.params.map((param) => {
          const type: StreamType = { elem: "f32", shape: param.shape };
          const given = params[param.name];
          return [param.name, fit(param.name, given && [given], type)[0]!];
        }),
      ),
      outputs: task.outputs.map((output, index) => fit(`output ${index}`, outputs[index], output)),
    };
  });
}

type RawTensor = v.InferOutput<typeof tensor>;

interface Fit {
  readonly type: StreamType;
  readonly sizes: Readonly<Record<string, number>>;
}

function fitStream(what: string, given: readonly RawTensor[] | undefined, { type, sizes }: Fit): readonly Tensor[] {
  const leaves = leavesOf(type.elem);
  if (given?.length !== leaves.length) {
    throw new AsplError("tensor-sets", `${what}: expected ${leaves.length} tensors, not ${given?.length ?? "none"}`);
  }
  return leaves.map((leaf, part) => {
    const raw = given[part]!;
    const dims = [...leaf.dims, ...type.shape];
    const shape = dims.map((dim) => sizeOf(dim, sizes) ?? Number.NaN).reverse();
    const numbers = shape.reduce((product, size) => product * size, 1);
    if (raw.shape.join() !== shape.join() || raw.data.length !== numbers) {
      const found = `[${raw.shape.join(", ")}] with ${raw.data.length} numbers`;
      throw new AsplError("tensor-sets", `${what}: expected shape [${shape.join(", ")}], not ${found}`);
    }
    return { shape, values: Float64Array.from(raw.data) };
  });
}
