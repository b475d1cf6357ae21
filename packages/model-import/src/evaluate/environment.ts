/** The values of a run: tensors by name, sequences of tensors, and what the symbols are. */
import { ModelError } from "../errors.ts";
import { isFloat } from "../graph/dtype.ts";
import type { ModelGraph } from "../graph/model-graph.ts";
import { castTensor, type ModelTensor, roundValues } from "./model-tensor.ts";

/** What names stand for while a model is evaluated. */
export class Environment {
  readonly graph: ModelGraph;
  readonly sizes: Map<string, number>;
  readonly #declared: boolean;
  readonly #tensors = new Map<string, ModelTensor>();
  readonly #sequences = new Map<string, readonly ModelTensor[]>();

  constructor(graph: ModelGraph, sizes: Map<string, number>, precision: "declared" | "f64") {
    this.graph = graph;
    this.sizes = sizes;
    this.#declared = precision === "declared";
  }

  find(name: string): ModelTensor | undefined {
    return this.#tensors.get(name);
  }

  /** @throws {ModelError} `value-undefined` for a result that no kernel gives */
  get(name: string): ModelTensor {
    const tensor = this.#tensors.get(name);
    if (tensor !== undefined) return tensor;
    throw new ModelError("value-undefined", `${name} has no value`, {
      place: { file: this.graph.source.file },
      help: "only the first result of an embedding bag is computed; the others serve training",
    });
  }

  /** Keeps a result, rounded to the type that the model declares for it. */
  set(name: string, tensor: ModelTensor): void {
    if (name === "") return;
    const value = this.graph.values.get(name);
    const dtype = value?.dtype ?? tensor.dtype;
    const exact = isFloat(dtype) && (!this.#declared || dtype === "f64");
    if (exact) this.#tensors.set(name, { ...tensor, dtype });
    else if (dtype === tensor.dtype) this.#tensors.set(name, { ...tensor, values: roundValues(tensor.values, dtype) });
    else this.#tensors.set(name, castTensor(tensor, dtype));
    const size = value?.size;
    if (typeof size === "object" && "symbol" in size && !this.sizes.has(size.symbol)) {
      this.sizes.set(size.symbol, tensor.values[0] ?? 0);
    }
  }

  /** Keeps a tensor as it is, so that writes into it are seen by everyone who holds it (memory of MLIR programs). */
  share(name: string, tensor: ModelTensor): void {
    this.#tensors.set(name, tensor);
  }

  sequence(name: string): readonly ModelTensor[] {
    const sequence = this.#sequences.get(name);
    if (sequence !== undefined) return sequence;
    throw new ModelError("value-undefined", `sequence ${name} has no value`, {
      place: { file: this.graph.source.file },
    });
  }

  isSequence(name: string): boolean {
    return this.#sequences.has(name);
  }

  setSequence(name: string, sequence: readonly ModelTensor[]): void {
    this.#sequences.set(name, sequence);
  }
}
