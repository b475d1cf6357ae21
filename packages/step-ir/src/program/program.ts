/** A program: operators joined by streams, checked as it is built. */
import { StepError } from "../errors.ts";
import { symbol } from "../extent/arithmetic.ts";
import { compareTexts, type Extent } from "../extent/extent.ts";
import type { ElementType } from "../stream/element-type.ts";
import type { Shape } from "../stream/shape.ts";
import { Assertions } from "./assertions.ts";
import { AttributeReader, type Attributes, checkAttributes } from "./attributes.ts";
import type { Operator, StreamType, TensorType, TypedNode } from "./operator.ts";

/** A node of a program. */
export interface ProgramNode {
  /** Unique in the program, and stable: reports, depth overrides and error messages use it. */
  readonly id: string;
  readonly operator: Operator;
  readonly inputs: readonly Stream[];
  readonly attributes: Attributes;
  readonly outputs: readonly Stream[];
}

/** A stream of a program: an output of a node. */
export class Stream {
  readonly program: Program;
  /** Id of the node that writes it. */
  readonly node: string;
  /** Place among that node's outputs. */
  readonly port: number;
  readonly type: StreamType;

  constructor(program: Program, node: string, port: number, type: StreamType) {
    this.program = program;
    this.node = node;
    this.port = port;
    this.type = type;
  }

  get shape(): Shape {
    return this.type.shape;
  }

  get element(): ElementType {
    return this.type.element;
  }
}

/** What `Program.add` takes besides the operator. */
export interface NodeOptions {
  readonly inputs: readonly Stream[];
  readonly attributes?: Attributes;
  /** Id of the node; the name of the operator with a number unless given. */
  readonly id?: string | undefined;
}

const idPattern = /^[A-Za-z_][A-Za-z0-9_.#]*$/;

/** Operators joined by streams. Every node is checked when it is added, so a program that exists is well-typed. */
export class Program {
  readonly name: string;
  readonly #nodes = new Map<string, ProgramNode>();
  readonly #tensors = new Map<string, TensorType>();
  readonly #symbols = new Set<string>();
  readonly #assertions = new Assertions();
  // Placeholders by node id, with the stream that closes each.
  readonly #feedback = new Map<string, Stream>();
  // Symbols that each node was the first to make.
  readonly #made = new Map<string, readonly string[]>();
  readonly #numbers = new Map<string, number>();

  constructor(name: string) {
    this.name = name;
  }

  /** The nodes in the order of adding: inputs before their users, except through placeholders. */
  get nodes(): readonly ProgramNode[] {
    return [...this.#nodes.values()];
  }

  /** Off-chip tensors by name. */
  get tensors(): ReadonlyMap<string, TensorType> {
    return this.#tensors;
  }

  /** Names of all symbols, declared or made by nodes. */
  get symbols(): ReadonlySet<string> {
    return this.#symbols;
  }

  /** What was asserted: extents by the text of the atom that they replace. */
  get assertions(): ReadonlyMap<string, Extent> {
    return this.#assertions.replacements;
  }

  /** Placeholders by id, with the stream that feeds each. */
  get feedback(): ReadonlyMap<string, Stream> {
    return this.#feedback;
  }

  /** Symbols that node `id` was the first to make. */
  symbolsOf(id: string): readonly string[] {
    return this.#made.get(id) ?? [];
  }

  node(id: string): ProgramNode | undefined {
    return this.#nodes.get(id);
  }

  /** Declares a symbol for the extent of a dimension. */
  symbol(name: string): Extent {
    const extent = symbol(name);
    this.#symbols.add(name);
    return extent;
  }

  /**
   * Declares an off-chip tensor.
   *
   * @throws {StepError} `program-invalid` if the name is taken or malformed, or the extents are not integers of at least 1.
   */
  tensor(name: string, type: TensorType): string {
    const sizes = [type.rows, type.columns];
    const fault = !idPattern.test(name)
      ? "is not a name"
      : this.#tensors.has(name)
        ? "is declared twice"
        : sizes.every((size) => Number.isSafeInteger(size) && size >= 1)
          ? undefined
          : `needs rows and columns of at least 1, not ${sizes.join(" and ")}`;
    if (fault !== undefined) throw new StepError("program-invalid", `tensor '${name}' ${fault}`);
    this.#tensors.set(name, type);
    return name;
  }

  /**
   * Adds a node.
   *
   * @throws {StepError} `node-id`, `stream-foreign`, `attribute-value`, or what the shape rule of the operator throws.
   */
  add(operator: Operator, options: NodeOptions): ProgramNode {
    const id = options.id ?? this.#nextId(operator.name);
    if (!idPattern.test(id)) {
      throw new StepError("node-id", `'${id}' cannot name a node: use letters, digits, '_', '.' and '#'`, { node: id });
    }
    if (this.#nodes.has(id)) throw new StepError("node-id", `there are two nodes named '${id}'`, { node: id });
    const { inputs, attributes = {} } = options;
    for (const stream of inputs) {
      if (stream.program !== this) {
        throw new StepError("stream-foreign", `'${id}' reads a stream of program '${stream.program.name}'`, {
          node: id,
        });
      }
    }
    checkArity(id, operator, inputs.length);
    checkAttributes(`${operator.name} '${id}'`, operator.attributes, attributes);
    const made: string[] = [];
    const node = { id, operator, inputs, attributes, outputs: [] as Stream[] };
    const types = operator.infer(this.#context(node, made));
    node.outputs.push(...types.map((type, port) => new Stream(this, id, port, type)));
    this.#nodes.set(id, node);
    this.#made.set(
      id,
      made.filter((name) => !this.#symbols.has(name)),
    );
    for (const name of made) this.#symbols.add(name);
    return node;
  }

  /**
   * Records that an extent made by the program always equals another one: `left` must be a single symbol or total. All
   * nodes added later see the right-hand side in its place.
   *
   * @throws {StepError} `program-invalid` if `left` is neither, was asserted before, or occurs in `right`.
   */
  assertSame(left: Extent, right: Extent): void {
    const [term] = left.terms;
    const [atom] = term?.atoms ?? [];
    const single = left.terms.length === 1 && term!.coefficient === 1 && term!.atoms.length === 1;
    if (!single || (atom!.kind !== "symbol" && atom!.kind !== "sum")) {
      throw new StepError(
        "program-invalid",
        `cannot assert ${left} = ${right}: the left side must be one symbol or total`,
      );
    }
    const resolved = this.#assertions.settle(right);
    if (this.#assertions.settle(left) === resolved) return;
    if (this.assertions.has(atom!.text)) {
      const known = this.assertions.get(atom!.text);
      throw new StepError("program-invalid", `${left} is asserted to be ${known} and then ${right}`);
    }
    if (resolved.text.includes(atom!.text) && mentions(resolved, atom!.text)) {
      throw new StepError("program-invalid", `cannot assert ${left} = ${right}: the right side contains the left`);
    }
    this.#assertions.add(atom!.text, resolved);
  }

  /** As `assertSame`, for an assertion taken over from another program, by the text of what it replaces. */
  assertText(text: string, extent: Extent): void {
    this.#assertions.add(text, extent);
  }

  /**
   * Feeds a placeholder, which closes a cycle.
   *
   * @throws {StepError} `program-invalid` if `id` is no open placeholder, `shape-mismatch` or `element-mismatch` if the
   *   stream is not what the placeholder promised.
   */
  close(id: string, stream: Stream, check: (promised: StreamType, given: StreamType) => void): void {
    const node = this.#nodes.get(id);
    if (node?.operator.name !== "placeholder") throw new StepError("program-invalid", `'${id}' is not a placeholder`);
    if (this.#feedback.has(id)) throw new StepError("program-invalid", `placeholder '${id}' is fed twice`);
    check(this.typeOf(node.outputs[0]!), this.typeOf(stream));
    this.#feedback.set(id, stream);
  }

  /** The type of a stream with everything asserted so far applied. */
  typeOf(stream: Stream): StreamType {
    return this.#assertions.settleType(stream.type);
  }

  /** A node as its shape rule and the metrics see it. */
  typed(node: ProgramNode): TypedNode {
    return this.#context(node, []);
  }

  #context(node: ProgramNode, made: string[]): TypedNode {
    return {
      id: node.id,
      operator: node.operator.name,
      inputNames: node.inputs.map((stream) => nameOf(originOf(stream))),
      inputs: node.inputs.map((stream) => this.typeOf(stream)),
      outputs: node.outputs.map((stream) => this.typeOf(stream)),
      attributes: new AttributeReader(node.attributes),
      tensor: (name) => {
        const type = this.#tensors.get(name);
        if (type !== undefined) return type;
        const known = [...this.#tensors.keys()].sort(compareTexts).join(", ") || "none";
        throw new StepError(
          "tensor-unknown",
          `${node.operator.name} "${node.id}": no tensor '${name}'; known: ${known}`,
          {
            node: node.id,
          },
        );
      },
      fresh: (label, owner = node.id) => {
        const name = `${owner.replace(":", ".")}.${label}`;
        made.push(name);
        return name;
      },
    };
  }

  #nextId(operator: string): string {
    const stem = operator.replaceAll("-", "_");
    for (;;) {
      const number = (this.#numbers.get(stem) ?? 0) + 1;
      this.#numbers.set(stem, number);
      if (!this.#nodes.has(`${stem}#${number}`)) return `${stem}#${number}`;
    }
  }
}

/** A stream as messages and text name it: the id of its node, with the port if there are several. */
export function nameOf(stream: Stream): string {
  const outputs = stream.program.node(stream.node)?.outputs.length ?? 1;
  return outputs === 1 ? stream.node : `${stream.node}:${stream.port}`;
}

/** The stream that this one is a copy of, or itself. */
function originOf(stream: Stream): Stream {
  const node = stream.program.node(stream.node);
  return node?.operator.name === "broadcast" ? originOf(node.inputs[0]!) : stream;
}

function mentions(extent: Extent, text: string): boolean {
  return extent.terms.some(({ atoms }) =>
    atoms.some((atom) => {
      if (atom.text === text) return true;
      if (atom.kind === "symbol") return false;
      if (atom.kind === "max") return atom.all.some((one) => mentions(one, text));
      return mentions(atom.of, text) || ((atom.kind === "ceil" || atom.kind === "floor") && mentions(atom.by, text));
    }),
  );
}

function checkArity(id: string, operator: Operator, given: number): void {
  const least = operator.ports.filter((port) => !port.endsWith("?")).length;
  const many = operator.ports.some((port) => port.endsWith("*"));
  if (given >= least && (many || given <= operator.ports.length)) return;
  const ports = operator.ports.map((port) => port.replace("*", " …").replace("?", " (optional)")).join(", ");
  throw new StepError("program-invalid", `${operator.name} "${id}" has ${given} inputs; it takes: ${ports || "none"}`, {
    node: id,
  });
}
