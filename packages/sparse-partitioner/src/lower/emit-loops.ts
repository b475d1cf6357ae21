/**
 * Lowers the loops of one phase to a nest: co-iteration of the operands' levels, clamped to the cuts of a unit.
 *
 * A unit runs from one record of the clamp table to the next. Along the path of a record, and only there, a loop starts
 * at the recorded position, or ends there; a coordinate that two units share is visited by both, with disjoint ranges
 * inside.
 */
import { type BufferOptions, type BufferValue, type LocalValue, NestBuilder, type Value } from "@millrace/loop-ir";
import { isPresent, needsAll, type Presence, presenceOf, visitsAll } from "../iteration/sequence.ts";
import { emitDense, emitMerge, type MergeOperand } from "./emit-merge.ts";
import { type ClampLayout, clampLayout, coveredLevels, type LoopSpec } from "./loop-spec.ts";
import type { ResultEmitter } from "./result-emitter.ts";
import { formulaValue } from "./value.ts";

/** An operand at the present point of the loops. */
export interface OperandState {
  readonly presence: Presence<Value>;
  /** Whether there is something at the position even where the operand is not there. */
  readonly readable?: boolean;
  /** Position at the last level reached. */
  readonly position: Value;
  /** Levels reached. */
  readonly levels: number;
}

/** A point of the loops: what is known once the first `depth` variables have a value. */
export interface LoopPoint {
  readonly depth: number;
  readonly coordinates: readonly Value[];
  readonly operands: readonly OperandState[];
  /** Position in the survivors' tree. */
  readonly survivor: Value;
  /** Whether the point lies on the path of the unit's first and of its last record; `undefined` where it cannot. */
  readonly onFirst: Value | undefined;
  readonly onLast: Value | undefined;
}

/** Emits the loops of a phase around what a result does at each point. */
export class LoopEmitter {
  readonly b: NestBuilder;
  readonly spec: LoopSpec;
  readonly #layout: ClampLayout;
  readonly #buffers = new Map<string, BufferValue>();
  readonly #sizes: readonly Value[];
  #clamps: BufferValue | undefined;
  #firstRecord: Value | undefined;
  #lastRecord: Value | undefined;
  #steps: LocalValue | undefined;

  constructor(spec: LoopSpec) {
    this.spec = spec;
    this.b = new NestBuilder(spec.name);
    this.#layout = clampLayout(spec);
    this.#sizes = spec.variables.map((name) => this.b.scalar(`n_${name}`, "i32"));
  }

  /** The size of a loop variable. */
  size(v: number): Value {
    return this.#sizes[v]!;
  }

  /** A buffer, declared when first asked for. */
  buffer(
    name: string,
    element: "i32" | "i64" | "f64",
    access: "read" | "write" | "read-write" = "read",
    limits: Pick<BufferOptions, "extent" | "within"> = {},
  ): BufferValue {
    const known = this.#buffers.get(name);
    if (known !== undefined) return known;
    const made = this.b.buffer(name, element, { access, ...limits });
    this.#buffers.set(name, made);
    return made;
  }

  /** Builds the whole nest. */
  emit(result: ResultEmitter): void {
    const { b, spec } = this;
    if (spec.cutVariables > 0) {
      this.#clamps = this.buffer("clamps", "i32");
      this.#firstRecord = b.local("first", b.multiply(b.unit, this.#layout.size));
      this.#lastRecord = b.local("last", b.add(this.#firstRecord, this.#layout.size));
    }
    if (spec.countOnly) this.#steps = b.local("steps", b.i64(0));
    result.begin();
    const root: LoopPoint = {
      depth: 0,
      coordinates: [],
      operands: spec.operands.map(() => ({ presence: true, position: b.i32(0), levels: 0 })),
      survivor: b.i32(0),
      onFirst: spec.cutVariables > 0 ? b.constant("bool", true) : undefined,
      onLast: spec.cutVariables > 0 ? b.constant("bool", true) : undefined,
    };
    this.#at(root, result);
    result.end();
    if (this.#steps !== undefined) b.store(this.buffer("steps", "i64", "write"), b.unit, this.#steps);
  }

  /** Whether the node that a point stands for was begun by an earlier unit. */
  continues(point: LoopPoint): Value | undefined {
    if (point.onFirst === undefined || this.#clamps === undefined || point.depth >= this.spec.cutVariables)
      return undefined;
    const depth = this.b.load(this.#clamps, this.b.add(this.#firstRecord!, this.#layout.depth));
    return this.b.and(point.onFirst, this.b.compare("greater", depth, point.depth));
  }

  /** Whether a later unit goes on with the node that a point stands for. */
  goesOn(point: LoopPoint): Value | undefined {
    if (point.onLast === undefined || this.#clamps === undefined || point.depth >= this.spec.cutVariables)
      return undefined;
    const depth = this.b.load(this.#clamps, this.b.add(this.#lastRecord!, this.#layout.depth));
    return this.b.and(point.onLast, this.b.compare("greater", depth, point.depth));
  }

  /** The value of the formula at a point, all variables of its operands bound. */
  value(point: LoopPoint): Value {
    const { b, spec } = this;
    return (
      formulaValue(b, spec.formula, (at) => {
        const { presence, readable = false, position } = point.operands[at]!;
        const load = (): Value => b.load(this.#values(at), position);
        return { presence, readable, load };
      }) ?? b.f64(0)
    );
  }

  #at(point: LoopPoint, result: ResultEmitter): void {
    const resolved = { ...point, operands: point.operands.map((state, at) => this.#resolve(state, at, point)) };
    result.around(resolved, () => {
      if (resolved.depth === this.spec.variables.length) result.leaf(resolved);
      else this.#loop(resolved, result);
    });
  }

  /** Moves an operand through the dense levels whose variables are bound. */
  #resolve(state: OperandState, at: number, { depth, coordinates }: LoopPoint): OperandState {
    const { places, sparse } = this.spec.operands[at]!;
    let { position, levels } = state;
    while (levels < places.length && !sparse[levels] && places[levels]! < depth) {
      const v = places[levels]!;
      const scaled = levels === 0 ? undefined : this.b.multiply(position, this.#sizes[v]!);
      position = scaled === undefined ? coordinates[v]! : this.b.add(scaled, coordinates[v]!);
      levels += 1;
    }
    if (levels === state.levels || levels === 1) return { ...state, position, levels };
    return { ...state, position: this.b.local(`p_${this.spec.operands[at]!.name}`, position), levels };
  }

  #loop(point: LoopPoint, result: ResultEmitter): void {
    const { spec } = this;
    const v = point.depth;
    const covered = v < (spec.survivors?.depth ?? 0);
    if (covered) {
      const tree = this.#window(point, { operand: -1, level: v, name: "z", parent: point.survivor, presence: true });
      emitMerge(this, { kind: "all", operands: [tree] }, (coordinate, positions) =>
        this.#body(point, coordinate, { survivor: positions[0]!.position, result }),
      );
      return;
    }
    const merged = this.#sparseHere(point);
    const full = visitsAll(spec.formula, (at) => (merged.includes(at) ? "sparse" : "full"));
    const operands = merged.map((at) => {
      const { presence, position, levels } = point.operands[at]!;
      const { name } = spec.operands[at]!;
      return this.#window(point, { operand: at, level: levels, name, parent: position, presence });
    });
    const enter = (coordinate: Value, found: readonly OperandState[]): void => {
      const states = [...point.operands];
      merged.forEach((at, m) => {
        states[at] = found[m]!;
      });
      this.#body({ ...point, operands: states }, coordinate, { result, merged: full ? [] : merged });
    };
    if (full) emitDense(this, { ...this.#range(point), operands }, enter);
    else {
      const kind = needsAll(spec.formula, merged) ? "all" : "some";
      const innermost = v === spec.variables.length - 1;
      emitMerge(this, { kind, operands, formula: spec.formula, merged, innermost }, enter);
    }
  }

  /** Operands whose next level is sparse and belongs to the variable that is looped over. */
  #sparseHere(point: LoopPoint): number[] {
    return this.spec.operands.flatMap(({ places, sparse }, at) => {
      const { levels, presence } = point.operands[at]!;
      return presence !== false && places[levels] === point.depth && sparse[levels] ? [at] : [];
    });
  }

  #window(
    point: LoopPoint,
    at: {
      readonly operand: number;
      readonly level: number;
      readonly name: string;
      readonly parent: Value;
      readonly presence: Presence<Value>;
    },
  ): MergeOperand {
    const { b } = this;
    const { operand, level, name, presence } = at;
    const starts = this.buffer(`${name}_pos${level}`, "i32");
    const from = b.local(`${name}_from`, b.i32(0));
    const until = b.local(`${name}_until`, b.i32(0));
    const read = (): void => {
      b.set(from, b.load(starts, at.parent));
      b.set(until, b.load(starts, b.add(at.parent, 1)));
      if (point.depth >= this.spec.cutVariables) return;
      const slot = this.#layout.position(operand, level);
      if (point.onFirst !== undefined) b.if(point.onFirst, () => b.set(from, this.#recorded(this.#firstRecord!, slot)));
      if (point.onLast !== undefined)
        b.if(point.onLast, () => b.set(until, this.#recorded(this.#lastRecord!, slot + 1)));
    };
    if (presence === true) read();
    else if (presence !== false) b.if(presence, read);
    // With their limits declared, what coordinates lead to need not be checked.
    const within = this.#sizes[point.depth]!;
    const coordinates = this.buffer(`${name}_crd${level}`, "i32", "read", { within });
    return { name, presence, from, until, coordinates, levels: level + 1 };
  }

  /** The values of an operand; those of a vector have an element for each coordinate. */
  #values(at: number): BufferValue {
    const { name, places, sparse } = this.spec.operands[at]!;
    const [only, second] = places;
    const vector = only !== undefined && second === undefined && sparse[0] === false;
    return this.buffer(`${name}_val`, "f64", "read", vector ? { extent: this.#sizes[only]! } : {});
  }

  /** First and last coordinate of a loop over all coordinates. */
  #range(point: LoopPoint): { readonly first: Value; readonly end: Value } {
    const { b } = this;
    const v = point.depth;
    if (v >= this.spec.cutVariables || point.onFirst === undefined || point.onLast === undefined)
      return { first: b.i32(0), end: this.#sizes[v]! };
    const first = b.local(`${this.spec.variables[v]}_first`, b.i32(0));
    const end = b.local(`${this.spec.variables[v]}_end`, this.#sizes[v]!);
    b.if(point.onFirst, () => b.set(first, this.#recorded(this.#firstRecord!, this.#layout.coordinate(v))));
    const ending = this.#layout.coordinate(v) + this.spec.cutVariables;
    b.if(point.onLast, () => b.set(end, this.#recorded(this.#lastRecord!, ending)));
    return { first, end };
  }

  #recorded(record: Value, slot: number): Value {
    return this.b.load(this.#clamps!, this.b.add(record, slot));
  }

  #body(point: LoopPoint, coordinate: Value, { survivor, result, merged = [] }: BodyOptions): void {
    const { b, spec } = this;
    const depth = point.depth + 1;
    // Steps are those of the innermost variable that work is counted at.
    if (depth === Math.max(1, spec.cutVariables)) {
      b.step();
      if (this.#steps !== undefined) b.set(this.#steps, b.add(this.#steps, b.i64(1)));
    }
    const onPath = (on: Value | undefined, record: Value | undefined, name: string): Value | undefined => {
      if (on === undefined || record === undefined || depth >= spec.cutVariables) return undefined;
      const same = b.equal(coordinate, this.#recorded(record, this.#layout.coordinate(point.depth)));
      return b.local(name, b.and(on, same));
    };
    const next: LoopPoint = {
      depth,
      coordinates: [...point.coordinates, coordinate],
      operands: point.operands,
      survivor: survivor ?? point.survivor,
      onFirst: onPath(point.onFirst, this.#firstRecord, `on_first${depth}`),
      onLast: onPath(point.onLast, this.#lastRecord, `on_last${depth}`),
    };
    const entered = spec.survivors?.depth === depth ? this.#enterSurvivor(next) : next;
    this.#whenPresent(entered, merged, () => this.#at(entered, result));
  }

  /** Puts every operand where it stands in a subtree that an earlier phase found. */
  #enterSurvivor(point: LoopPoint): LoopPoint {
    const { b, spec } = this;
    const operands = [...point.operands];
    spec.survivors?.operands.forEach((at) => {
      const { name, places } = spec.operands[at]!;
      const position = b.local(`${name}_at`, b.load(this.buffer(`${name}_map`, "i32"), point.survivor));
      const levels = coveredLevels(places, point.depth);
      const presence = this.#everywhere(at) ? true : b.local(`${name}_on`, b.compare("greater-equal", position, 0));
      operands[at] = { presence, position, levels };
    });
    return { ...point, operands };
  }

  /** Whether the formula is never there without an operand. */
  #everywhere(at: number): boolean {
    return !isPresent(this.spec.formula, (operand) => operand !== at);
  }

  /** Skips a body where the formula is not there, unless every operand that was merged suffices alone. */
  #whenPresent(point: LoopPoint, merged: readonly number[], body: () => void): void {
    const { b, spec } = this;
    const presence = presenceOf<Value>(spec.formula, (at) => point.operands[at]!.presence, {
      and: (left, right) => b.and(left, right),
      or: (left, right) => b.or(left, right),
    });
    const suffices = (only: number): boolean =>
      isPresent(spec.formula, (at) => at === only || point.operands[at]!.presence === true);
    if (presence === true || (merged.length > 0 && merged.every(suffices))) body();
    else if (presence !== false) b.if(presence, body);
  }
}

interface BodyOptions {
  /** Position in the survivors' tree, where that is walked. */
  readonly survivor?: Value;
  readonly result: ResultEmitter;
  /** Operands of which at least one is at the coordinate. */
  readonly merged?: readonly number[];
}
