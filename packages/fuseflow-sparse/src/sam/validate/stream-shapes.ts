/**
 * The shapes of all streams of a graph: how deep each is nested, and over which loops. A scanner nests one level deeper, a
 * repeat follows the shape of its signal, a reduction takes the innermost level away; joins, arithmetic and droppers need
 * streams that line up.
 *
 * Source: Hsu et al., "The Sparse Abstract Machine", ASPLOS 2023, §3; the rule that stops of one data set line up is what the
 * blocks of its simulators assert while running.
 */
import type { SamBlock } from "../graph.ts";
import { type Axis, AxisTable, type StreamShape, sameShape } from "./axes.ts";
import { named } from "./check-connections.ts";
import type { FaultPlace, GraphFaults, GraphRule } from "./graph-faults.ts";
import type { Wiring } from "./wiring.ts";

/** Deepest nesting that is followed; stops have ten orders in SAM, so real graphs stay far below. */
const deepest = 64;

/** Shapes by output port, `block.port`; absent where a fault hides them. */
export interface StreamShapes {
  readonly axes: AxisTable;
  readonly byOutput: ReadonlyMap<string, StreamShape>;
}

/** Works out the shapes of all streams, and reports where streams do not line up. `order` has producers first. */
export function inferShapes(wiring: Wiring, order: readonly SamBlock[], faults: GraphFaults): StreamShapes {
  const inference = new ShapeInference(wiring, faults);
  for (const block of order) inference.infer(block);
  return inference;
}

class ShapeInference implements StreamShapes {
  readonly axes = new AxisTable();
  readonly byOutput = new Map<string, StreamShape>();
  readonly #wiring: Wiring;
  readonly #faults: GraphFaults;

  constructor(wiring: Wiring, faults: GraphFaults) {
    this.#wiring = wiring;
    this.#faults = faults;
  }

  infer(block: SamBlock): void {
    switch (block.type) {
      case "root":
        this.#put(block, "ref", { axes: [], flat: false });
        return;
      case "scanner":
        this.#scan(block);
        return;
      case "intersect":
      case "union":
        this.#join(block);
        return;
      case "repeat":
        this.#repeat(block);
        return;
      case "alu": {
        const [first, second] = [this.#in(block, "val0"), this.#in(block, "val1")];
        if (first !== undefined && second !== undefined)
          this.#expectSame(block, { first, second, what: "val0 and val1" });
        this.#put(block, "val", first ?? second);
        return;
      }
      case "reduce":
        this.#reduce(block);
        return;
      case "spacc":
        if (block.form === "points") this.#accumulatePoints(block);
        else this.#accumulateFibers(block);
        return;
      case "crdhold": {
        const held = this.#in(block, "inner");
        this.#pair(block);
        for (const port of ["outer", "inner"]) this.#put(block, port, held);
        return;
      }
      case "crddrop":
      case "mask":
        this.#drop(block);
        return;
      case "val-drop":
        this.#dropZeros(block);
        return;
      case "stop-drop": {
        const shape = this.#in(block, "in");
        if (shape !== undefined) this.#put(block, "out", { axes: shape.axes, flat: true });
        return;
      }
      case "locate":
        this.#locate(block);
        return;
      case "fork":
        this.#fork(block);
        return;
      case "join":
        this.#gather(block);
        return;
      default:
        this.#passOn(block);
    }
  }

  #reduce(block: SamBlock): void {
    const [shape, guide] = [this.#in(block, "val"), this.#in(block, "crd")];
    if (shape === undefined) return;
    if (shape.axes.length === 0) {
      this.#tooShallow(block, "val", shape);
      return;
    }
    const around = { axes: shape.axes.slice(0, -1), flat: false };
    if (guide !== undefined) {
      this.#expectSame(block, { first: guide, second: around, what: "crd and the fibres of val" });
    }
    this.#put(block, "val", around);
  }

  /** Blocks whose outputs have the shape of their one input. */
  #passOn(block: SamBlock): void {
    const passed = {
      repsiggen: ["crd", "repsig"],
      array: ["ref", "val"],
      unary: ["val", "val"],
      "gen-ref": ["crd", "ref"],
    };
    if (block.type === "broadcast") {
      const shape = this.#in(block, "in");
      for (let way = 0; way < block.ways; way++) this.#put(block, `out${way}`, shape);
      return;
    }
    const [from = "", to = ""] = (passed as Readonly<Record<string, readonly string[]>>)[block.type] ?? [];
    if (to !== "") this.#put(block, to, this.#in(block, from));
  }

  #scan(block: Extract<SamBlock, { type: "scanner" }>): void {
    const shape = this.#in(block, "ref");
    if (shape === undefined) return;
    if (shape.axes.length >= deepest) {
      this.#report("depth", `${named(block)} nests deeper than ${deepest} levels`, { block: block.id });
      return;
    }
    const dense = block.format === "dense";
    const key = dense ? `dense ${block.index || `${block.tensor} ${block.level}`}` : `scan ${block.id}`;
    const axis = this.axes.axis(key, { index: block.index, dense, mayBeEmpty: false, block: block.id });
    const scanned = { axes: [...shape.axes, axis], flat: false };
    for (const port of ["crd", "bv", "ref"]) this.#put(block, port, scanned);
  }

  #repeat(block: Extract<SamBlock, { type: "repeat" }>): void {
    const [repeated, signal] = [this.#in(block, "ref"), this.#in(block, "repsig")];
    if (repeated !== undefined && signal !== undefined) {
      const outer = { axes: signal.axes.slice(0, -1), flat: signal.flat };
      if (signal.axes.length === 0) this.#tooShallow(block, "repsig", signal);
      else this.#expectSame(block, { first: repeated, second: outer, what: "ref and the fibres of repsig" });
    }
    this.#put(block, "ref", signal);
  }

  #join(block: Extract<SamBlock, { type: "intersect" | "union" }>): void {
    const operands: StreamShape[] = [];
    for (let k = 0; k < block.arity; k++) {
      const [crd, ref] = [this.#in(block, `crd${k}`), this.#in(block, `ref${k}`)];
      if (crd === undefined) continue;
      if (ref !== undefined) this.#expectSame(block, { first: crd, second: ref, what: `crd${k} and ref${k}` });
      if (crd.axes.length === 0) this.#tooShallow(block, `crd${k}`, crd);
      else operands.push(crd);
    }
    const [first] = operands;
    if (first === undefined) return;
    const prefix = (shape: StreamShape): StreamShape => ({ axes: shape.axes.slice(0, -1), flat: shape.flat });
    for (const [k, operand] of operands.entries()) {
      const what = `the levels outside of crd0 and crd${k}`;
      if (k > 0) this.#expectSame(block, { first: prefix(first), second: prefix(operand), what });
    }
    const axis = this.#joinedAxis(
      block,
      operands.map((shape) => shape.axes.at(-1) as Axis),
    );
    const joined = { axes: [...first.axes.slice(0, -1), axis], flat: false };
    this.#put(block, "crd", joined);
    for (let k = 0; k < block.arity; k++) this.#put(block, `ref${k}`, joined);
  }

  /** A dense level does not restrict an intersection, and fills a union. Joins in any order or grouping give the same axis. */
  #joinedAxis(block: Extract<SamBlock, { type: "intersect" | "union" }>, all: readonly Axis[]): Axis {
    const union = block.type === "union";
    const dense = all.filter((axis) => this.axes.origin(axis).dense);
    const sparse = all.filter((axis) => !this.axes.origin(axis).dense);
    const deciding = union ? (dense.length > 0 ? dense : sparse) : sparse.length > 0 ? sparse : dense;
    const members = new Set(
      deciding.flatMap((axis) => {
        const { joined } = this.axes.origin(axis);
        return joined?.type === block.type ? joined.members : [axis];
      }),
    );
    const sorted = [...members].toSorted((a, b) => a - b);
    const [only] = sorted;
    if (sorted.length === 1 && only !== undefined) return only;
    return this.axes.axis(`${block.type} ${sorted.join(" ")}`, {
      index: block.index,
      dense: dense.length === all.length,
      mayBeEmpty: !union && sparse.length > 0,
      joined: { type: block.type, members: sorted },
      block: block.id,
    });
  }

  #locate(block: Extract<SamBlock, { type: "locate" }>): void {
    const [crd, ref, parent] = [this.#in(block, "crd"), this.#in(block, "ref"), this.#in(block, "parent")];
    if (crd !== undefined && ref !== undefined)
      this.#expectSame(block, { first: crd, second: ref, what: "crd and ref" });
    if (crd !== undefined && parent !== undefined) {
      const outer = { axes: crd.axes.slice(0, -1), flat: crd.flat };
      this.#expectSame(block, { first: parent, second: outer, what: "parent and the levels outside of crd" });
    }
    for (const port of ["crd", "ref0", "ref1"]) this.#put(block, port, crd ?? ref);
  }

  #accumulateFibers(block: Extract<SamBlock, { type: "spacc" }>): void {
    const { order } = block;
    const [inner, values] = [this.#in(block, "crd0"), this.#in(block, "val")];
    if (inner === undefined) return;
    if (inner.flat || inner.axes.length <= order) {
      this.#tooShallow(block, "crd0", inner);
      return;
    }
    if (values !== undefined) this.#expectValues(block, inner, values);
    for (let k = 1; k <= order; k++) {
      const given = this.#in(block, `crd${k}`);
      const wanted = { axes: inner.axes.slice(0, -k), flat: false };
      if (given === undefined || sameShape(given, wanted)) continue;
      const what = `crd${k} and the levels of crd0 that it names`;
      const help = sameShape(given, inner) ? `give it crd${k} as scanned, not held to the length of crd0` : undefined;
      this.#mismatch(block, { first: given, second: wanted, what }, help);
    }
    this.#putTree(block, { outer: inner.axes.slice(0, -order - 1), kept: block.indices.slice(0, order) });
  }

  #accumulatePoints(block: Extract<SamBlock, { type: "spacc" }>): void {
    const inner = this.#in(block, "crd0");
    const values = this.#in(block, "val");
    if (inner !== undefined && values !== undefined && this.#reducedBefore(block, inner, values)) return;
    for (const port of [...block.indices.map((_, k) => `crd${k}`), "val"]) {
      const shape = this.#in(block, port);
      if (shape === undefined || inner === undefined) continue;
      if (!shape.flat) {
        const message = `${named(block)} sums points, but ${port} has stops: ${this.axes.print(shape)}`;
        this.#report("shape-mismatch", message, { block: block.id, help: "put a stop-drop in front of it" });
        return;
      }
      if (port === "val") this.#expectValues(block, inner, shape);
      else this.#expectSame(block, { first: inner, second: shape, what: `crd0 and ${port}` });
    }
    this.#putTree(block, { outer: [], kept: block.indices });
  }

  /** Outputs of an accumulator: a tree of fresh levels below `outer`; `kept` has the innermost first. */
  #putTree(
    block: SamBlock,
    { outer, kept }: { readonly outer: readonly Axis[]; readonly kept: readonly string[] },
  ): void {
    const fresh = kept.map((index, k) =>
      this.axes.axis(`sum ${block.id} ${k}`, { index, dense: false, mayBeEmpty: outer.length > 0, block: block.id }),
    );
    const axes = [...outer, ...fresh.toReversed()];
    for (const k of kept.keys()) this.#put(block, `crd${k}`, { axes: axes.slice(0, axes.length - k), flat: false });
    this.#put(block, "val", { axes, flat: false });
  }

  #expectValues(block: SamBlock, inner: StreamShape, values: StreamShape): void {
    if (sameShape(inner, values) || this.#reducedBefore(block, inner, values)) return;
    this.#mismatch(block, { first: inner, second: values, what: "crd0 and val" });
  }

  /** Whether the values are one level short because a reduction stands before the accumulator, which Custard prints there. */
  #reducedBefore(block: SamBlock, inner: StreamShape, values: StreamShape): boolean {
    const producer = this.#producer(block, "val");
    const shorter = values.axes.length === inner.axes.length - 1;
    if (!shorter || producer?.type !== "reduce") return false;
    const [deep, short] = [this.axes.print(inner), this.axes.print(values)];
    const message = `the values into ${named(block)} are reduced before it: crd0 has ${deep}, val has ${short}`;
    this.#report("extra-reduce", message, {
      block: producer.id,
      help: `connect the input of ${producer.id} to it instead: the accumulator does this reduction itself`,
      notes: [{ message: "the accumulator", block: block.id }],
    });
    return true;
  }

  #pair(block: SamBlock): { readonly outer: StreamShape; readonly inner: StreamShape } | undefined {
    const [outer, inner] = [this.#in(block, "outer"), this.#in(block, "inner")];
    if (outer === undefined || inner === undefined) return undefined;
    if (inner.axes.length === 0) this.#tooShallow(block, "inner", inner);
    const around = { axes: inner.axes.slice(0, -1), flat: inner.flat };
    return this.#expectSame(block, { first: outer, second: around, what: "outer and the fibres of inner" })
      ? { outer, inner }
      : undefined;
  }

  #drop(block: Extract<SamBlock, { type: "crddrop" | "mask" }>): void {
    const pair = this.#pair(block);
    const [whole, keptBy] = [pair?.outer.axes.at(-1), pair?.inner.axes.at(-1)];
    if (pair === undefined || whole === undefined || keptBy === undefined) return;
    const { index } = this.axes.origin(whole);
    const origin = { index, dense: false, mayBeEmpty: true, partOf: whole, keptBy, block: block.id };
    // Dropping by the same fibres twice, once for coordinates and once for values, leaves the same.
    const key = block.type === "mask" ? `mask ${block.id}` : `drop ${whole} ${keptBy}`;
    const outer = [...pair.outer.axes.slice(0, -1), this.axes.axis(key, origin)];
    this.#put(block, "outer", { axes: outer, flat: false });
    const inside =
      block.type === "mask"
        ? this.axes.axis(`masked ${block.id}`, { ...this.axes.origin(keptBy), partOf: keptBy, mayBeEmpty: false })
        : keptBy;
    for (const port of ["inner", "ref"]) this.#put(block, port, { axes: [...outer, inside], flat: false });
  }

  #dropZeros(block: SamBlock): void {
    const [crd, val] = [this.#in(block, "crd"), this.#in(block, "val")];
    if (crd === undefined || val === undefined) return;
    const whole = crd.axes.at(-1);
    if (whole === undefined) this.#tooShallow(block, "crd", crd);
    if (whole === undefined || !this.#expectSame(block, { first: crd, second: val, what: "crd and val" })) return;
    const { index } = this.axes.origin(whole);
    const origin = { index, dense: false, mayBeEmpty: true, partOf: whole, block: block.id };
    const axis = this.axes.axis(`nonzero ${block.id}`, origin);
    for (const port of ["crd", "val"]) this.#put(block, port, { axes: [...crd.axes.slice(0, -1), axis], flat: false });
  }

  #fork(block: Extract<SamBlock, { ways: number }>): void {
    const shape = this.#in(block, "in");
    const dealt = shape?.axes.at(-1);
    if (shape === undefined || dealt === undefined) return;
    const { index } = this.axes.origin(dealt);
    for (let lane = 0; lane < block.ways; lane++) {
      const origin = { index, dense: false, mayBeEmpty: true, block: block.id, laneOf: dealt };
      const axis = this.axes.axis(`lane ${dealt} ${lane}/${block.ways}`, origin);
      this.#put(block, `out${lane}`, { axes: [...shape.axes.slice(0, -1), axis], flat: shape.flat });
    }
  }

  /** Lanes that were dealt from one axis make it whole again; what they made of it on their own is joined lane by lane. */
  #gather(block: Extract<SamBlock, { ways: number }>): void {
    const lanes: StreamShape[] = [];
    for (let way = 0; way < block.ways; way++) {
      const shape = this.#in(block, `in${way}`);
      if (shape === undefined) return;
      lanes.push(shape);
    }
    const [first] = lanes;
    if (first === undefined) return;
    const uneven = lanes.find((lane) => lane.axes.length !== first.axes.length);
    if (uneven !== undefined) {
      this.#mismatch(block, { first, second: uneven, what: "the lanes" });
      return;
    }
    const axes = first.axes.map((axis, level) => {
      const column = lanes.map((lane) => lane.axes[level] as Axis);
      if (column.every((other) => other === axis)) return axis;
      const { index, mayBeEmpty, laneOf } = this.axes.origin(axis);
      const dealt = (other: Axis, lane: number): boolean =>
        other === this.axes.known(`lane ${laneOf} ${lane}/${column.length}`);
      if (laneOf !== undefined && column.every(dealt)) return laneOf;
      return this.axes.axis(`gathered ${column.join(" ")}`, { index, dense: false, mayBeEmpty, block: block.id });
    });
    this.#put(block, "out", { axes, flat: first.flat });
  }

  #in(block: SamBlock, port: string): StreamShape | undefined {
    const edge = this.#wiring.into.get(`${block.id}.${port}`);
    return edge === undefined ? undefined : this.byOutput.get(`${edge.from.block}.${edge.from.port}`);
  }

  /** The block that makes the stream into a port, behind any broadcasts. */
  #producer(block: SamBlock, port: string): SamBlock | undefined {
    let edge = this.#wiring.into.get(`${block.id}.${port}`);
    for (let steps = 0; edge !== undefined && steps <= this.#wiring.blocks.size; steps++) {
      const producer = this.#wiring.blocks.get(edge.from.block);
      if (producer?.type !== "broadcast") return producer;
      edge = this.#wiring.into.get(`${producer.id}.in`);
    }
    return undefined;
  }

  #put(block: SamBlock, port: string, shape: StreamShape | undefined): void {
    if (shape !== undefined) this.byOutput.set(`${block.id}.${port}`, shape);
  }

  #expectSame(block: SamBlock, pair: ShapePair): boolean {
    if (sameShape(pair.first, pair.second)) return true;
    this.#mismatch(block, pair);
    return false;
  }

  #mismatch(block: SamBlock, { first, second, what }: ShapePair, help?: string): void {
    const depth = first.axes.length !== second.axes.length || first.flat !== second.flat;
    const [a, b] = [this.axes.print(first), this.axes.print(second)];
    const difference = depth ? `${a} against ${b}` : `${a} of different blocks`;
    const message = `${what} of ${named(block)} do not line up: ${difference}`;
    const notes = depth ? undefined : this.#originNotes(first, second);
    this.#report(depth ? "depth" : "shape-mismatch", message, {
      block: block.id,
      help,
      ...(notes === undefined ? {} : { notes }),
    });
  }

  /** Where the first level that differs comes from in either stream. */
  #originNotes(first: StreamShape, second: StreamShape): { message: string; block: string }[] {
    const level = first.axes.findIndex((axis, k) => axis !== second.axes[k]);
    return [first, second].map((shape) => {
      const { index, block } = this.axes.origin(shape.axes[level] as Axis);
      return { message: `level ${level} (${index || "·"}) is that of ${block}`, block };
    });
  }

  #tooShallow(block: SamBlock, port: string, shape: StreamShape): void {
    this.#report("depth", `${port} of ${named(block)} is not nested deep enough: ${this.axes.print(shape)}`, {
      block: block.id,
    });
  }

  #report(rule: GraphRule, message: string, place: FaultPlace): void {
    this.#faults.report(rule, message, place);
  }
}

interface ShapePair {
  readonly first: StreamShape;
  readonly second: StreamShape;
  /** Both, for the message: "val0 and val1". */
  readonly what: string;
}
