/** What the nodes of Custard's and Onyx's graphs are: types and attributes of DOT nodes as blocks. */
import { type DiagnosticBag, nearest, type Span } from "@millrace/ir-text";
import type { BinaryOperation, SamBlock, SamLevelKind, SamTensor, StreamKind, UnaryOperation } from "../graph.ts";
import { maximumArity } from "../ports.ts";
import type { DotNode } from "./dot.ts";

/** An edge into or out of a node, as far as it shapes the node's block. */
export interface NodeEdge {
  readonly kind: StreamKind;
  /** Index or tensor that the edge's comment names, without `in-`, `out-`, `inner-`, `outer-`. */
  readonly name: string;
  /** The node at the other end. */
  readonly other: string;
}

/** What a node's block is made from. */
export interface NodeContext {
  readonly node: DotNode;
  readonly inputs: readonly NodeEdge[];
  readonly outputs: readonly NodeEdge[];
  readonly tensors: Readonly<Record<string, SamTensor>>;
  readonly bag: DiagnosticBag;
}

const binaryTypes: Readonly<Record<string, BinaryOperation>> = {
  ...{ add: "add", sub: "sub", mul: "mul", div: "div", max: "max", smax: "max", elemmul: "elemmul" },
  ...{ fp_add: "add", fp_sub: "sub", fp_mul: "mul", fp_div: "div", fp_max: "max" },
};
const unaryTypes: Readonly<Record<string, UnaryOperation>> = {
  ...{ exp: "exp", fp_exp: "exp", sin: "sin", cos: "cos", rsqrt: "rsqrt", sigmoid: "sigmoid" },
  ...{ relu: "relu", leakyrelu: "leakyrelu" },
  ...{ "scalar-add": "scalar-add", "scalar-mul": "scalar-mul", "scalar-div": "scalar-div" },
};
const constantOf: Readonly<Partial<Record<BinaryOperation, UnaryOperation>>> = {
  ...{ add: "scalar-add", mul: "scalar-mul", elemmul: "scalar-mul", div: "scalar-div", max: "max" },
};

/** The block of a node; undefined with a fault in the bag if it has none. */
export function nodeBlock(context: NodeContext): SamBlock | undefined {
  return new NodeReader(context).block();
}

class NodeReader {
  readonly #context: NodeContext;
  readonly #type: string;

  constructor(context: NodeContext) {
    this.#context = context;
    const { node } = context;
    // Custard repeats all attributes in the comment, and some broadcasts have nothing else.
    const comment = node.attributes.get("comment")?.value ?? "";
    this.#type = this.#text("type") || /^type=([\w-]+)/.exec(comment)?.[1] || comment;
  }

  block(): SamBlock | undefined {
    const { node, inputs } = this.#context;
    const label = this.#text("label").replaceAll("\\n", "\n");
    const named = { id: node.id, ...(label === "" ? {} : { label }) };
    const binary = binaryTypes[this.#type];
    if (binary !== undefined) return { ...named, ...this.#arithmetic(binary) };
    const unary = unaryTypes[this.#type];
    if (unary !== undefined) return { ...named, ...this.#unary(unary) };
    const index = this.#text("index");
    const tensor = this.#text("tensor");
    switch (this.#type) {
      case "root":
        return { ...named, type: "root", tensor };
      case "fiberlookup":
        return {
          ...named,
          type: "scanner",
          tensor,
          level: this.#level(),
          index,
          format: this.#format(),
          ...this.#gallop(),
        };
      case "intersect":
      case "union":
        return { ...named, type: this.#type, index, arity: this.#arity(), ...this.#gallop() };
      case "locate":
        return { ...named, type: "locate", tensor, level: this.#level(), index, parent: this.#flag("parent") };
      case "repsiggen":
        return { ...named, type: "repsiggen", index };
      case "repeat": {
        const carried = inputs.some((edge) => edge.kind === "val") ? "val" : "ref";
        const of = this.#text("of") === "" ? carried : this.#word("of", ["ref", "val"]);
        return { ...named, type: "repeat", index, tensor, root: this.#flag("root"), of };
      }
      case "arrayvals":
        return { ...named, type: "array", tensor };
      case "reduce":
        return { ...named, type: "reduce", operation: this.#word("operation", ["add", "max", "addsum"]) };
      case "spaccumulator":
      case "vectorreducer":
        return { ...named, ...this.#accumulator() };
      case "crdhold":
        return { ...named, type: "crdhold", ...this.#pair() };
      case "crddrop":
        return { ...named, ...this.#drop() };
      case "val-drop":
      case "stop-drop":
      case "gen-ref":
        return { ...named, type: this.#type };
      case "mask":
        return { ...named, type: "mask", ...this.#pair(), keep: this.#word("keep", ["lower", "upper", "diagonal"]) };
      case "broadcast":
      case "fork":
      case "join":
        return { ...named, type: this.#type, ...this.#ways() };
      case "fiberwrite":
        return { ...named, ...this.#writer(tensor, index) };
      default:
        return this.#unknown();
    }
  }

  #arithmetic(
    operation: BinaryOperation,
  ): { type: "alu"; operation: BinaryOperation } | { type: "unary"; operation: UnaryOperation; constant: number } {
    const constant = this.#number("const0");
    const unary = constantOf[operation];
    if (constant !== undefined && unary !== undefined) return { type: "unary", operation: unary, constant };
    return { type: "alu", operation: operation === "add" && this.#text("sub") === "1" ? "sub" : operation };
  }

  #unary(operation: UnaryOperation): { type: "unary"; operation: UnaryOperation; constant?: number } {
    const constant = this.#number("const0");
    return { type: "unary", operation, ...(constant === undefined ? {} : { constant }) };
  }

  /** Custard counts modes; a graph counts levels in storage order. */
  #level(): number {
    const explicit = this.#number("level");
    if (explicit !== undefined) return explicit;
    const { tensors } = this.#context;
    const name = this.#text("tensor");
    const tensor = tensors[name];
    const mode = this.#number("mode");
    if (mode === undefined) this.#fault("attribute-missing", `${this.#type} does not say its mode`);
    else if (tensor === undefined) {
      const close = nearest(name, Object.keys(tensors));
      const help = close === undefined ? "add it to the comment of the graph" : `did you mean '${close}'?`;
      this.#fault("tensor-unknown", `the comment of the graph gives no format of tensor '${name}'`, {
        key: "tensor",
        help,
      });
    } else {
      const level = tensor.modeOrder.indexOf(mode);
      if (level >= 0) return level;
      this.#fault("mode-unknown", `${name} has ${tensor.levels.length} modes, and no mode ${mode}`, { key: "mode" });
    }
    return 0;
  }

  #format(): SamLevelKind {
    return this.#word("format", ["compressed", "dense", "bitvector"]);
  }

  #gallop(): { readonly gallop?: true } {
    return this.#flag("gallop") ? { gallop: true } : {};
  }

  #arity(): number {
    const explicit = this.#number("arity");
    if (explicit !== undefined) return this.#bounded(explicit, "arity");
    const { inputs } = this.#context;
    const operands = new Map<string, number>();
    for (const kind of ["crd", "ref", "val"]) {
      const seen = new Map<string, number>();
      for (const edge of inputs.filter((input) => input.kind === kind)) {
        const name = edge.name || edge.other;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        operands.set(name, Math.max(operands.get(name) ?? 0, seen.get(name) ?? 0));
      }
    }
    return Math.max(
      1,
      [...operands.values()].reduce((sum, count) => sum + count, 0),
    );
  }

  #pair(): { readonly outer: string; readonly inner: string } {
    return { outer: this.#text("outer"), inner: this.#text("inner") };
  }

  /** A crddrop whose inner stream is the values of the same level drops zeros; another inner value stream is a level deeper. */
  #drop(): { type: "val-drop" } | { type: "crddrop"; outer: string; inner: string; of: "crd" | "val" } {
    const pair = this.#pair();
    if (this.#text("of") !== "") return { type: "crddrop", ...pair, of: this.#word("of", ["crd", "val"]) };
    if (pair.inner === "val" || pair.inner === "vals") return { type: "val-drop" };
    const of = this.#context.inputs.some((edge) => edge.kind === "val") ? "val" : "crd";
    return { type: "crddrop", ...pair, of };
  }

  #accumulator(): { type: "spacc"; form: "fibers" | "points"; order: number; indices: readonly string[] } {
    const order = this.#type === "vectorreducer" ? 1 : this.#bounded(this.#number("order") ?? 1, "order");
    const listed: string[] = [];
    for (let k = 0; k <= order; k++) {
      const index = this.#text(`in${k}`) || (k === 0 ? this.#text("accum_index") : "");
      if (index !== "" || this.#context.node.attributes.has(`in${k}`)) listed.push(index);
    }
    const coordinates = this.#context.inputs.filter((edge) => edge.kind === "crd").map((edge) => edge.name);
    const outside = listed[order];
    const form = this.#text("form");
    if (form === "points" || form === "fibers") return { type: "spacc", form, order, indices: listed };
    // A kept loop outside the reduced one is listed and connected only where equal points are summed.
    if (outside !== undefined && coordinates.includes(outside)) {
      return { type: "spacc", form: "points", order, indices: listed };
    }
    const kept = listed.slice(0, order);
    const reduced = coordinates.find((index) => !listed.includes(index)) ?? "";
    return { type: "spacc", form: "fibers", order, indices: [...kept, reduced] };
  }

  #ways(): { readonly stream: StreamKind; readonly ways: number } {
    const { inputs, outputs } = this.#context;
    const many = this.#type === "join" ? inputs : outputs;
    const carried = (inputs[0] ?? outputs[0])?.kind ?? "crd";
    const stream = this.#text("stream") === "" ? carried : this.#word("stream", ["crd", "ref", "val", "repsig", "bv"]);
    return { stream, ways: Math.max(1, this.#bounded(this.#number("ways") ?? many.length, "ways")) };
  }

  #writer(
    tensor: string,
    index: string,
  ): Extract<SamBlock, { type: "write-level" | "write-values" }> extends infer B
    ? B extends unknown
      ? Omit<B, "id" | "label">
      : never
    : never {
    if (this.#text("mode") === "vals") return { type: "write-values", tensor };
    const mergeEmptyFibers = this.#text("merge_empty_fibers") !== "false";
    return { type: "write-level", tensor, level: this.#level(), index, format: this.#format(), mergeEmptyFibers };
  }

  #text(key: string): string {
    return this.#context.node.attributes.get(key)?.value ?? "";
  }

  #flag(key: string): boolean {
    return this.#text(key) === "true";
  }

  #number(key: string): number | undefined {
    const text = this.#text(key);
    if (text === "") return undefined;
    const value = Number(text);
    if (Number.isFinite(value)) return value;
    this.#fault("attribute-malformed", `${key} must be a number, not '${text}'`, { key });
    return undefined;
  }

  #bounded(value: number, key: string): number {
    if (Number.isInteger(value) && value >= 0 && value <= maximumArity) return value;
    this.#fault("attribute-malformed", `${key} must be an integer from 1 to ${maximumArity}, not ${value}`, { key });
    return 1;
  }

  #word<W extends string>(key: string, words: readonly [W, ...W[]]): W {
    const text = this.#text(key);
    const found = words.find((word) => word === text);
    if (found === undefined && text !== "") {
      this.#fault("attribute-malformed", `${key} must be ${words.join(", ")}, not '${text}'`, { key });
    }
    return found ?? words[0];
  }

  #unknown(): undefined {
    if (this.#type === "") {
      const help = 'give it a type, as in type="fiberlookup"';
      this.#fault("block-untyped", `node ${this.#context.node.id} has no type`, { help });
      return undefined;
    }
    const close = nearest(this.#type, knownTypes);
    const help = close === undefined ? `known types are ${knownTypes.join(", ")}` : `did you mean '${close}'?`;
    this.#fault("block-unknown", `there is no block of type '${this.#type}'`, { key: "type", help });
    return undefined;
  }

  #fault(code: string, message: string, at: { readonly key?: string; readonly help?: string } = {}): void {
    const { node, bag } = this.#context;
    const span: Span = (at.key === undefined ? undefined : node.attributes.get(at.key)?.span) ?? node.span;
    bag.report({ severity: "error", code, message, span, ...(at.help === undefined ? {} : { help: at.help }) });
  }
}

const knownTypes: readonly string[] = [
  ...["root", "fiberlookup", "intersect", "union", "locate", "repsiggen", "repeat", "arrayvals", "reduce"],
  ...["spaccumulator", "vectorreducer", "crdhold", "crddrop", "val-drop", "stop-drop", "gen-ref", "mask"],
  ...["broadcast", "fork", "join", "fiberwrite"],
  ...Object.keys(binaryTypes),
  ...Object.keys(unaryTypes),
];
