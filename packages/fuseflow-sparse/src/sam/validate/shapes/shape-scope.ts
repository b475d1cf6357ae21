import type { SamBlock } from "../../graph.ts";
import { named } from "../check-connections.ts";
import type { FaultPlace, GraphFaults, GraphRule } from "../graph-faults.ts";
import type { Wiring } from "../wiring.ts";
import { type Axis, AxisTable, type StreamShape, sameShape } from "./axes.ts";

/** Two shapes that must line up. */
export interface ShapePair {
  readonly first: StreamShape;
  readonly second: StreamShape;
  /** Both, for the message: "val0 and val1". */
  readonly what: string;
}

/** The shapes known so far, and what the rules of single blocks need: shapes at ports, and reports where they do not fit. */
export class ShapeScope {
  readonly axes: AxisTable = new AxisTable();
  /** Shapes by output port, `block.port`. */
  readonly byOutput: Map<string, StreamShape> = new Map();
  readonly #wiring: Wiring;
  readonly #faults: GraphFaults;

  constructor(wiring: Wiring, faults: GraphFaults) {
    this.#wiring = wiring;
    this.#faults = faults;
  }

  /** The shape of the stream into a port, if it is known. */
  input(block: SamBlock, port: string): StreamShape | undefined {
    const edge = this.#wiring.into.get(`${block.id}.${port}`);
    return edge === undefined ? undefined : this.byOutput.get(`${edge.from.block}.${edge.from.port}`);
  }

  /** The block that makes the stream into a port, behind any broadcasts. */
  producer(block: SamBlock, port: string): SamBlock | undefined {
    let edge = this.#wiring.into.get(`${block.id}.${port}`);
    for (let steps = 0; edge !== undefined && steps <= this.#wiring.blocks.size; steps++) {
      const producer = this.#wiring.blocks.get(edge.from.block);
      if (producer?.type !== "broadcast") return producer;
      edge = this.#wiring.into.get(`${producer.id}.in`);
    }
    return undefined;
  }

  /** Enters the shape of an output. */
  put(block: SamBlock, port: string, shape: StreamShape | undefined): void {
    if (shape !== undefined) this.byOutput.set(`${block.id}.${port}`, shape);
  }

  /** The shapes into the ports `outer` and `inner`, if they are known and inner is one level deeper. */
  pair(block: SamBlock): { readonly outer: StreamShape; readonly inner: StreamShape } | undefined {
    const [outer, inner] = [this.input(block, "outer"), this.input(block, "inner")];
    if (outer === undefined || inner === undefined) return undefined;
    if (inner.axes.length === 0) this.tooShallow(block, "inner", inner);
    const around = { axes: inner.axes.slice(0, -1), flat: inner.flat };
    return this.expectSame(block, { first: outer, second: around, what: "outer and the fibres of inner" })
      ? { outer, inner }
      : undefined;
  }

  /** Whether two shapes line up; reports it if not. */
  expectSame(block: SamBlock, pair: ShapePair): boolean {
    if (sameShape(pair.first, pair.second)) return true;
    this.mismatch(block, pair);
    return false;
  }

  /** Reports that two shapes do not line up: `depth` if they differ in depth, `shape-mismatch` otherwise. */
  mismatch(block: SamBlock, { first, second, what }: ShapePair, help?: string): void {
    const depth = first.axes.length !== second.axes.length || first.flat !== second.flat;
    const [a, b] = [this.axes.print(first), this.axes.print(second)];
    const difference = depth ? `${a} against ${b}` : `${a} of different blocks`;
    const message = `${what} of ${named(block)} do not line up: ${difference}`;
    const notes = depth ? undefined : this.#originNotes(first, second);
    this.report(depth ? "depth" : "shape-mismatch", message, {
      block: block.id,
      help,
      ...(notes === undefined ? {} : { notes }),
    });
  }

  /** Reports a stream without a level that its block needs. */
  tooShallow(block: SamBlock, port: string, shape: StreamShape): void {
    this.report("depth", `${port} of ${named(block)} is not nested deep enough: ${this.axes.print(shape)}`, {
      block: block.id,
    });
  }

  /** Reports a fault at a block. */
  report(rule: GraphRule, message: string, place: FaultPlace): void {
    this.#faults.report(rule, message, place);
  }

  /** Where the first level that differs comes from in either stream. */
  #originNotes(first: StreamShape, second: StreamShape): { message: string; block: string }[] {
    const level = first.axes.findIndex((axis, k) => axis !== second.axes[k]);
    return [first, second].map((shape) => {
      const { index, block } = this.axes.origin(shape.axes[level] as Axis);
      return { message: `level ${level} (${index || "·"}) is that of ${block}`, block };
    });
  }
}
