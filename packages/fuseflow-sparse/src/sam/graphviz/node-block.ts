/** What the nodes of Custard's and Onyx's graphs are: types and attributes of DOT nodes as blocks. */
import { type DiagnosticBag, nearest } from "@millrace/ir-text";
import type { BinaryOperation, SamBlock, SamLevelKind, SamTensor, StreamKind, UnaryOperation } from "../graph.ts";
import { maximumArity, maximumWidth } from "../ports.ts";
import { isTileAxes, maximumTile } from "../tile-work.ts";
import type { DotNode } from "./dot.ts";
import { NodeAttributes } from "./node-attributes.ts";

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
  ...{ relu: "relu", leakyrelu: "leakyrelu", log: "log", sqrt: "sqrt", tanh: "tanh", erf: "erf" },
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
  readonly #attributes: NodeAttributes;
  readonly #type: string;

  constructor(context: NodeContext) {
    this.#context = context;
    const { node, bag } = context;
    this.#attributes = new NodeAttributes(node, bag);
    // Custard repeats all attributes in the comment, and some broadcasts have nothing else.
    const comment = node.attributes.get("comment")?.value ?? "";
    this.#type = this.#attributes.text("type") || /^type=([\w-]+)/.exec(comment)?.[1] || comment;
  }

  block(): SamBlock | undefined {
    const block = this.#typed();
    const axes = this.#attributes.text("tile");
    if (block === undefined || axes === "") return block;
    if (!isTileAxes(axes)) {
      const message = `tile must give axes such as ab,bc->ac, not '${axes}'`;
      this.#attributes.fault("attribute-malformed", message, { key: "tile" });
    }
    return { ...block, tile: { size: this.#attributes.count("tile_size", maximumTile), axes } } as SamBlock;
  }

  #typed(): SamBlock | undefined {
    const { node, inputs } = this.#context;
    const label = this.#attributes.text("label").replaceAll("\\n", "\n");
    const named = { id: node.id, ...(label === "" ? {} : { label }) };
    const binary = binaryTypes[this.#type];
    if (binary !== undefined) return { ...named, ...this.#arithmetic(binary) };
    const unary = unaryTypes[this.#type];
    if (unary !== undefined) return { ...named, ...this.#unary(unary) };
    const index = this.#attributes.text("index");
    const tensor = this.#attributes.text("tensor");
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
        return {
          ...named,
          type: "locate",
          tensor,
          level: this.#level(),
          index,
          parent: this.#attributes.flag("parent"),
        };
      case "repsiggen":
        return { ...named, type: "repsiggen", index };
      case "repeat": {
        const carried = inputs.some((edge) => edge.kind === "val") ? "val" : "ref";
        const of = this.#attributes.text("of") === "" ? carried : this.#attributes.word("of", ["ref", "val"]);
        return { ...named, type: "repeat", index, tensor, root: this.#attributes.flag("root"), of };
      }
      case "arrayvals":
        return { ...named, type: "array", tensor };
      case "reduce":
        return { ...named, type: "reduce", operation: this.#attributes.word("operation", ["add", "max", "addsum"]) };
      case "spaccumulator":
      case "vectorreducer":
        return { ...named, ...this.#accumulator() };
      case "crdhold":
        return { ...named, type: "crdhold", ...this.#pair() };
      case "crddrop":
        return { ...named, ...this.#drop() };
      case "val-drop":
      case "stop-drop":
      case "empty-fiber-drop":
      case "gen-ref":
      case "pack-bits":
        return { ...named, type: this.#type };
      case "split":
        return { ...named, type: "split", ...this.#pair(), width: this.#attributes.count("width", maximumWidth) };
      case "mask":
        return {
          ...named,
          type: "mask",
          ...this.#pair(),
          keep: this.#attributes.word("keep", ["lower", "upper", "diagonal"]),
        };
      case "broadcast":
      case "join":
        return { ...named, type: this.#type, ...this.#ways() };
      case "fork": {
        const deal = this.#attributes.text("deal");
        const dealt = deal === undefined || deal === "" ? {} : { deal: deal.split(" ").map(Number) };
        return { ...named, type: "fork", ...this.#ways(), ...dealt };
      }
      case "fiberwrite": {
        if (this.#attributes.text("mode") === "vals") return { ...named, type: "write-values", tensor };
        const mergeEmptyFibers = this.#attributes.text("merge_empty_fibers") !== "false";
        const stored = { level: this.#level(), index, format: this.#format(), mergeEmptyFibers };
        const words = this.#attributes.flag("words") ? { words: true } : {};
        return { ...named, type: "write-level", tensor, ...stored, ...words };
      }
      default:
        return this.#unknown();
    }
  }

  #arithmetic(
    operation: BinaryOperation,
  ): { type: "alu"; operation: BinaryOperation } | { type: "unary"; operation: UnaryOperation; constant: number } {
    const constant = this.#attributes.number("const0");
    const unary = constantOf[operation];
    if (constant !== undefined && unary !== undefined) return { type: "unary", operation: unary, constant };
    return { type: "alu", operation: operation === "add" && this.#attributes.text("sub") === "1" ? "sub" : operation };
  }

  #unary(operation: UnaryOperation): { type: "unary"; operation: UnaryOperation; constant?: number } {
    const constant = this.#attributes.number("const0");
    return { type: "unary", operation, ...(constant === undefined ? {} : { constant }) };
  }

  /** Custard counts modes; a graph counts levels in storage order. */
  #level(): number {
    const explicit = this.#attributes.number("level");
    if (explicit !== undefined) return explicit;
    const { tensors } = this.#context;
    const name = this.#attributes.text("tensor");
    const tensor = tensors[name];
    const mode = this.#attributes.number("mode");
    if (mode === undefined) this.#attributes.fault("attribute-missing", `${this.#type} does not say its mode`);
    else if (tensor === undefined) {
      const close = nearest(name, Object.keys(tensors));
      const help = close === undefined ? "add it to the comment of the graph" : `did you mean '${close}'?`;
      this.#attributes.fault("tensor-unknown", `the comment of the graph gives no format of tensor '${name}'`, {
        key: "tensor",
        help,
      });
    } else {
      const level = tensor.modeOrder.indexOf(mode);
      if (level >= 0) return level;
      this.#attributes.fault("mode-unknown", `${name} has ${tensor.levels.length} modes, and no mode ${mode}`, {
        key: "mode",
      });
    }
    return 0;
  }

  #format(): SamLevelKind {
    return this.#attributes.word("format", ["compressed", "dense", "bitvector"]);
  }

  #gallop(): { readonly gallop?: true } {
    return this.#attributes.flag("gallop") ? { gallop: true } : {};
  }

  #arity(): number {
    if (this.#attributes.text("arity") !== "") return this.#attributes.count("arity");
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
    return { outer: this.#attributes.text("outer"), inner: this.#attributes.text("inner") };
  }

  /** A crddrop whose inner stream is the values of the same level drops zeros; another inner value stream is a level deeper. */
  #drop(): { type: "val-drop" } | { type: "crddrop"; outer: string; inner: string; of: "crd" | "val" } {
    const pair = this.#pair();
    if (this.#attributes.text("of") !== "")
      return { type: "crddrop", ...pair, of: this.#attributes.word("of", ["crd", "val"]) };
    if (pair.inner === "val" || pair.inner === "vals") return { type: "val-drop" };
    const of = this.#context.inputs.some((edge) => edge.kind === "val") ? "val" : "crd";
    return { type: "crddrop", ...pair, of };
  }

  #accumulator(): { type: "spacc"; form: "fibers" | "points"; order: number; indices: readonly string[] } {
    const order = this.#type === "vectorreducer" ? 1 : this.#attributes.count("order", maximumArity, 1);
    const listed: string[] = [];
    for (let k = 0; k <= order; k++) {
      const index = this.#attributes.text(`in${k}`) || (k === 0 ? this.#attributes.text("accum_index") : "");
      if (index !== "" || this.#context.node.attributes.has(`in${k}`)) listed.push(index);
    }
    const coordinates = this.#context.inputs.filter((edge) => edge.kind === "crd").map((edge) => edge.name);
    const outside = listed[order];
    const form = this.#attributes.text("form");
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
    const stream =
      this.#attributes.text("stream") === ""
        ? carried
        : this.#attributes.word("stream", ["crd", "ref", "val", "repsig", "bv"]);
    return {
      stream,
      ways: this.#attributes.count("ways", maximumArity, Math.max(1, many.length)),
    };
  }

  #unknown(): undefined {
    if (this.#type === "") {
      const help = 'give it a type, as in type="fiberlookup"';
      this.#attributes.fault("block-untyped", `node ${this.#context.node.id} has no type`, { help });
      return undefined;
    }
    const close = nearest(this.#type, knownTypes);
    const help = close === undefined ? `known types are ${knownTypes.join(", ")}` : `did you mean '${close}'?`;
    this.#attributes.fault("block-unknown", `there is no block of type '${this.#type}'`, { key: "type", help });
    return undefined;
  }
}

const knownTypes: readonly string[] = [
  ...["root", "fiberlookup", "intersect", "union", "locate", "repsiggen", "repeat", "arrayvals", "reduce"],
  ...["spaccumulator", "vectorreducer", "crdhold", "crddrop", "val-drop", "stop-drop", "gen-ref", "mask"],
  ...["empty-fiber-drop", "split", "pack-bits"],
  ...["broadcast", "fork", "join", "fiberwrite"],
  ...Object.keys(binaryTypes),
  ...Object.keys(unaryTypes),
];
