/** What every operator tells about itself: ports, attributes, shape rule, memory, meaning. */
import type { Extent } from "../extent/extent.ts";
import type { Process, Wires } from "../interpret/process.ts";
import type { ElementType } from "../stream/element-type.ts";
import type { Shape } from "../stream/shape.ts";
import type { AttributeReader, AttributeSpec } from "./attributes.ts";

/** Shape and elements of a stream. */
export interface StreamType {
  readonly shape: Shape;
  readonly element: ElementType;
}

/** A tensor off chip, cut into tiles by the nodes that use it. */
export interface TensorType {
  readonly scalar: "f16" | "bf16" | "f32" | "u32" | "u64" | "bool";
  /** Rows and columns. */
  readonly rows: number;
  readonly columns: number;
}

/** What a shape rule sees of its node. */
export interface NodeContext {
  readonly id: string;
  readonly operator: string;
  /** Names of the input streams, for messages. */
  readonly inputNames: readonly string[];
  /** Types of the input streams, with all assertions applied. */
  readonly inputs: readonly StreamType[];
  readonly attributes: AttributeReader;
  /** @throws {StepError} `tensor-unknown` if the program has none of that name. */
  tensor(name: string): TensorType;
  /** A new symbol, named after the node; or after `owner`, so that all nodes that name it so share it. */
  fresh(label: string, owner?: string): string;
}

/** How much memory is counted. */
export interface Accounting {
  /**
   * `paper`: off-chip nodes are double-buffered and matrix products hold operands; `artifact`: the authors' program in
   * its default mode, with which the published figures were made.
   */
  readonly profile: "paper" | "artifact";
  /** Bytes that off-chip loads count per f32 number: 4, or 2 as if the tensors were bf16 there. */
  readonly loadBytesPerF32: 2 | 4;
}

/** What metrics see of a node: its context, and the types of what it puts out. */
export interface TypedNode extends NodeContext {
  readonly outputs: readonly StreamType[];
}

/** An operator of the language. */
export interface Operator {
  /** Name in text, such as `eager-merge`. */
  readonly name: string;
  /** What it does, as a sentence. */
  readonly about: string;
  /** Names of the input ports; one that ends in `?` may be left out, one that ends in `*` takes any number, at least one. */
  readonly ports: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /**
   * Types of the outputs.
   *
   * @throws {StepError} with the node, the port, the dimension and the rule that was broken.
   */
  infer(node: NodeContext): readonly StreamType[];
  /** Bytes moved to or from off-chip memory; none unless given. */
  offChipBytes?(node: TypedNode, accounting: Accounting): Extent;
  /** Floating-point operations; none unless given. Of tiles whose extents vary it takes the one symbol that stands for all. */
  flops?(node: TypedNode): Extent;
  /** Bytes held on chip; none unless given. */
  onChipBytes?(node: TypedNode, accounting: Accounting): Extent;
  /** The untimed meaning, as a process on streams of slots. */
  interpret(node: TypedNode, wires: Wires): Process;
}
