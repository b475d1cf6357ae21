/** Functions of MLIR to graphs: tensors and scalars are values, linalg becomes neutral operators, loops keep their bodies. */
import type { Span } from "@millrace/ir-text";
import { encodeNumbers } from "../../archive/encode-numbers.ts";
import { formatOfEncoding } from "../../graph/encoding.ts";
import { GraphBuilder, type NodeParts } from "../../graph/graph-builder.ts";
import type { Attribute, ModelGraph, Node, Region, Value } from "../../graph/model-graph.ts";
import { printSize, type Size } from "../../graph/size.ts";
import { denseStrides, elementCount, storedBytes } from "../../graph/weight.ts";
import { placeOf } from "../torch/text-place.ts";
import { lowerLinalg } from "./linalg/lower-linalg.ts";
import type { DenseElements, MlirFunction, MlirOperation, MlirRegion, MlirType } from "./mlir-ast.ts";
import { wayOut } from "./mlir-custom-forms.ts";
import type { MlirScanner } from "./mlir-scanner.ts";
import { OpenSizes } from "./open-sizes.ts";
import { plainOperators, predicates } from "./plain-operators.ts";

/** Sizes of a result's axes, as far as they are known. */
type KnownSizes = readonly (Size | undefined)[];

/** An axis of an operand, both counted from 0. */
interface OperandAxis {
  readonly operand: number;
  readonly axis: number;
}

/** Brings operations of one function to nodes. */
export class MlirLowering {
  readonly builder: GraphBuilder;
  readonly #tokens: MlirScanner;
  readonly #names = new Map<string, string>();
  readonly #types = new Map<string, MlirType>();
  readonly #constants = new Map<string, number>();
  readonly #filled = new Map<string, number>();
  readonly #sizes = new OpenSizes();
  #sink: Node[] | undefined;

  constructor(file: string, name: string, tokens: MlirScanner) {
    this.#tokens = tokens;
    this.builder = new GraphBuilder(name, { format: "mlir", file, version: "", producer: "MLIR" });
  }

  function(given: MlirFunction): ModelGraph {
    for (const { name, type } of given.arguments) {
      const value = this.define(name, type);
      this.builder.input(value, value, placeOf(given.span, value));
    }
    for (const operation of given.body?.operations ?? []) this.#operation(operation);
    return this.#sizes.applied(this.builder.finish());
  }

  /** The value that a name of the text means. */
  value(name: string, span: Span): string {
    const value = this.#names.get(name);
    if (value !== undefined) return value;
    return this.#tokens.failAt(
      span,
      `${name} is used, but nothing defines it before`,
      "every value is defined before it is used",
    );
  }

  typeOf(name: string): MlirType | undefined {
    return this.#types.get(name);
  }

  /** The number that every element of a value is, if it was made so. */
  filledWith(value: string): number | undefined {
    return this.#filled.get(value);
  }

  /** Notes that every element of a value is this number. */
  fill(value: string, number: number): void {
    this.#filled.set(value, number);
  }

  constantOf(name: string): number | undefined {
    return this.#constants.get(name);
  }

  /** Makes a value for a name of the text; `sizes` are those of its axes, as far as they follow from something else. */
  define(name: string, type: MlirType | undefined, sizes: KnownSizes = []): string {
    const wanted = name.slice(1);
    const value = this.builder.has(wanted) ? this.builder.fresh(wanted) : wanted;
    this.#names.set(name, value);
    if (type !== undefined) this.#types.set(name, type);
    this.builder.value(value, type === undefined ? this.builder.valueOf(value) : this.#valueOf(value, type, sizes));
    return value;
  }

  /** Makes values for the results of an operation. */
  defineResults(operation: MlirOperation): string[] {
    return operation.results.map((name, index) =>
      this.define(name, operation.resultTypes[index], this.#sizesOfResult(operation, index)),
    );
  }

  /** Makes the extents of two axes equal, each of an operand that an operation has. */
  sameExtent(operation: MlirOperation, ...axes: readonly [OperandAxis, OperandAxis]): void {
    const [a, b] = axes.map(({ operand, axis }) => this.#shapeOf(operation.operands[operand] ?? "")?.[axis]);
    if (a === undefined || b === undefined || this.#sizes.unify(a, b)) return;
    const [one, other] = axes.map(
      ({ operand, axis }, at) =>
        `${printSize(this.#sizes.standing([a, b][at]!))} along axis ${axis} of ${operation.operands[operand]}`,
    );
    this.refuse(operation, `one loop runs over ${one} and over ${other}`, "give both the same extent, or mend a map");
  }

  #shapeOf(name: string): readonly Size[] | undefined {
    return this.builder.valueOf(this.#names.get(name) ?? "").shape;
  }

  // A result has the sizes of what it is written into; one that is made element by element, those of its operand.
  #sizesOfResult(operation: MlirOperation, index: number): KnownSizes {
    const { name, operands, results, resultTypes } = operation;
    if (name === "tensor.empty") {
      let next = 0;
      const sizes = operands.map((operand) => this.builder.valueOf(this.#names.get(operand) ?? "").size);
      return (resultTypes[index]?.shape ?? []).map((extent) => (extent === undefined ? sizes[next++] : extent));
    }
    const linalg = name.startsWith("linalg.");
    if (!linalg && !Object.hasOwn(plainOperators, name)) return [];
    const source = linalg ? operands[operands.length - results.length + index] : operands[0];
    return this.#shapeOf(source ?? "") ?? [];
  }

  #valueOf(name: string, type: MlirType, sizes: KnownSizes): Value {
    const known = sizes.length === type.shape.length ? sizes : [];
    const size = (extent: number | undefined, axis: number): Size => extent ?? known[axis] ?? this.#open(name, axis);
    const shape = type.kind === "other" ? undefined : type.shape.map(size);
    const format = type.encoding === undefined ? undefined : formatOfEncoding(type.encoding);
    const sparse =
      type.encoding === undefined ? {} : { encoding: type.encoding, ...(format === undefined ? {} : { format }) };
    return {
      dtype: type.dtype,
      shape,
      layout: "strided",
      ...sparse,
      ...(type.kind === "tensor" ? {} : { type: type.text }),
    };
  }

  #open(name: string, axis: number): Size {
    const symbol = `${name}.${axis}`;
    this.builder.symbol(this.#sizes.open(symbol));
    return { symbol };
  }

  /** Adds a node to the graph or to the body that is being read. */
  add(parts: NodeParts): void {
    if (this.#sink === undefined) this.builder.node(parts);
    else this.#sink.push(this.builder.detached(parts));
  }

  /** A node on the way; gives the name of its result. */
  emit(op: string, inputs: readonly string[], attributes: Record<string, Attribute>, operation: MlirOperation): string {
    const output = this.builder.fresh(`${operation.results[0]?.slice(1) ?? op}.${op}`);
    this.add({ op, inputs, attributes, outputs: [output], place: placeOf(operation.span) });
    return output;
  }

  /** The node that gives the results of an operation. */
  result(
    op: string,
    inputs: readonly (string | null)[],
    attributes: Record<string, Attribute>,
    operation: MlirOperation,
  ): void {
    const outputs = this.defineResults(operation);
    const [first] = outputs;
    if (op === "full" && first !== undefined && typeof attributes.value === "number")
      this.fill(first, attributes.value);
    this.add({ op, inputs, attributes, outputs, place: placeOf(operation.span, operation.name) });
  }

  /** A body as a region, whose last operation says what it gives. */
  region(body: MlirRegion, name: string): Region {
    const around = this.#sink;
    const nodes: Node[] = [];
    this.#sink = nodes;
    const inputs = body.arguments.map(({ name: argument, type }) => this.define(argument, type));
    let outputs: string[] = [];
    for (const operation of body.operations) {
      if (/\.yield$/.test(operation.name))
        outputs = operation.operands.map((operand) => this.value(operand, operation.span));
      else this.#operation(operation);
    }
    this.#sink = around;
    return { name, inputs, outputs, nodes };
  }

  /** Refuses an operation that cannot be modelled as it is used. */
  refuse(operation: MlirOperation, message: string, help: string): never {
    return this.#tokens.failAt(operation.span, message, help);
  }

  inputs(operation: MlirOperation): string[] {
    return operation.operands.map((operand) => this.value(operand, operation.span));
  }

  #operation(operation: MlirOperation): void {
    const { name } = operation;
    if (name === "func.return" || name === "return") {
      for (const [index, operand] of operation.operands.entries()) {
        const value = this.value(operand, operation.span);
        this.builder.output(
          value,
          operation.operands.length === 1 ? "result" : `result${index}`,
          placeOf(operation.span),
        );
      }
    } else if (name === "arith.constant" || name === "constant") this.#constant(operation);
    else if (name === "linalg.index") this.#loopIndex(operation);
    else if (name.startsWith("linalg.")) lowerLinalg(operation, this);
    else if (name === "scf.for") this.#loop(operation);
    // Values need no storage, so there is none to give back.
    else if (name !== "bufferization.dealloc_tensor") this.#plain(operation);
  }

  #constant(operation: MlirOperation): void {
    const { value } = operation.attributes;
    const [type] = operation.resultTypes;
    const [result = ""] = operation.results;
    const shape = (type?.shape ?? []).map((extent) => extent ?? 0);
    const dense = typeof value === "object" && "elements" in value ? (value as DenseElements) : undefined;
    const dtype = type?.dtype ?? "f32";
    if (dense !== undefined && (dense.elided || dense.elements.length > 1) && dtype !== "string") {
      const name = this.define(result, type);
      const place = placeOf(operation.span, name);
      const matches = dense.elements.length === elementCount(shape);
      if (!dense.elided && !matches)
        this.refuse(
          operation,
          `${dense.elements.length} numbers for ${elementCount(shape)} elements`,
          "write one number, or as many as there are elements",
        );
      const storage = storedBytes(encodeNumbers(dense.elements, dtype));
      const weight = dense.elided
        ? undefined
        : { dtype, shape, strides: denseStrides(shape), offset: 0, storage, place };
      this.builder.param(name, { name, weight }, place);
      return;
    }
    const number = Number(dense?.elements[0] ?? (typeof value === "object" ? 0 : value));
    this.#constants.set(result, number);
    this.result("full", [], { shape, value: number, dtype }, operation);
  }

  #loop(operation: MlirOperation): void {
    const [body] = operation.regions;
    if (body === undefined) this.refuse(operation, "a loop without a body", "write its body in braces");
    const inputs = this.inputs(operation);
    const region = this.region(body, `${operation.results[0] ?? "loop"}.body`);
    const outputs = this.defineResults(operation);
    this.add({
      op: "scf.for",
      inputs,
      attributes: {},
      outputs,
      place: placeOf(operation.span, operation.name),
      regions: [region],
    });
  }

  #plain(operation: MlirOperation) {
    const { name } = operation;
    const simple = Object.hasOwn(plainOperators, name) ? plainOperators[name] : undefined;
    if (simple !== undefined) return this.result(simple, this.inputs(operation), castOf(simple, operation), operation);
    if (name === "arith.cmpf" || name === "arith.cmpi") {
      const predicate = operation.attributes.predicate;
      const op = typeof predicate === "number" ? undefined : predicates[String(predicate)];
      if (op === undefined)
        this.refuse(
          operation,
          `comparison ${String(predicate)} is not modelled`,
          `known are ${Object.keys(predicates).join(", ")}`,
        );
      return this.result(op, this.inputs(operation), {}, operation);
    }
    if (name === "tensor.empty") {
      const shape = operation.resultTypes[0]?.shape ?? [];
      let next = 0;
      const sizes = shape.map(
        (extent): Attribute => extent ?? { value: this.value(operation.operands[next++] ?? "", operation.span) },
      );
      return this.result(
        "full",
        [],
        { shape: sizes, value: 0, dtype: operation.resultTypes[0]?.dtype ?? "f32" },
        operation,
      );
    }
    if (name === "tensor.splat") {
      const shape = (operation.resultTypes[0]?.shape ?? []).map((extent) => extent ?? 0);
      return this.result("expand", this.inputs(operation), { shape }, operation);
    }
    if (name === "tensor.expand_shape" || name === "tensor.collapse_shape") {
      const shape = (operation.resultTypes[0]?.shape ?? []).map((extent) => extent ?? -1);
      return this.result("reshape", this.inputs(operation), { shape }, operation);
    }
    if (name === "memref.load" || name === "memref.store")
      return this.result(name, this.inputs(operation), {}, operation);
    if (name === "memref.dim" || name === "tensor.dim") return this.#dim(operation);
    if (name === "llvm.extractvalue") return this.#specifier(operation);
    if (/^sparse_tensor\.(binary|unary|reduce)$/.test(name)) return this.#semiring(operation);
    this.refuse(operation, `operation '${name}' is not modelled`, wayOut(name));
  }

  // Bodies for entries that both operands, one of them, or none of them has; `reduce` folds those that are there.
  #semiring(operation: MlirOperation): void {
    const attributes: Record<string, Attribute> = {};
    for (const key of ["overlap", "left", "right", "present", "absent"]) {
      const form = operation.attributes[key];
      if (typeof form === "number" || typeof form === "string") attributes[key] = form;
    }
    const inputs = this.inputs(operation);
    const regions = operation.regions.map((body, index) =>
      this.region(body, `${operation.results[0]?.slice(1)}.${index}`),
    );
    const outputs = this.defineResults(operation);
    const op = operation.name.replace("sparse_tensor.", "semiring-");
    this.add({ op, inputs, attributes, outputs, place: placeOf(operation.span, operation.name), regions });
  }

  // The place in the loops of the generic operation around it.
  #loopIndex(operation: MlirOperation): void {
    const { value, dim } = operation.attributes;
    this.result("loop-index", [], { axis: Number(value ?? dim ?? 0) }, operation);
  }

  #dim(operation: MlirOperation): void {
    const [source = "", axis = ""] = operation.operands;
    const number = this.constantOf(axis);
    this.result(
      "size-of",
      [this.value(source, operation.span)],
      { axis: number ?? { value: this.value(axis, operation.span) } },
      operation,
    );
    const size = this.#shapeOf(source)?.[number ?? -1];
    const result = this.value(operation.results[0] ?? "", operation.span);
    if (size !== undefined) this.builder.value(result, { ...this.builder.valueOf(result), size });
  }

  // The specifier of a sparse tensor is a vector of integers here: its level sizes, then its memory sizes.
  #specifier(operation: MlirOperation): void {
    const { indices } = operation.attributes;
    const path = Array.isArray(indices) ? indices.map(Number) : [];
    const type = this.typeOf(operation.operands[0] ?? "")?.text ?? "";
    const lengths = [...type.matchAll(/array<(\d+) x/g)].map((match) => Number(match[1]));
    const index = lengths.slice(0, path[0] ?? 0).reduce((sum, length) => sum + length, 0) + (path[1] ?? 0);
    this.result("select", this.inputs(operation), { axis: 0, index }, operation);
  }
}

function castOf(op: string, operation: MlirOperation): Record<string, Attribute> {
  return op === "cast" ? { dtype: operation.resultTypes[0]?.dtype ?? "f32" } : {};
}
