/**
 * The lowering of a reduction. Loops of its result that lie outside the reduced ones are its consumer's; when the consumer
 * comes to a loop inside of them, or to the values, the reduction runs its own loops to the innermost and reduces from the
 * inside out: a reduced loop with no kept loop inside is a scalar reduction, one with n of them a sparse accumulator of order
 * n, which makes the coordinates of these loops anew.
 *
 * Until then the loops of a consumer that the result lacks are loops around the reduction: it is computed again in each of
 * their iterations. After its last variable its values are repeated instead.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 6: Red_n.
 */
import type { TileWork } from "../sam/graph.ts";
import { tileWork } from "../sam/tile-work.ts";
import { type Cursor, inLoopOrder, type LoweringScope, type OpenLoop, open, repeated } from "./cursor.ts";
import { FusionConflict } from "./fusion-conflict.ts";
import { type LoopMember, type PendingJoin, resolve, single } from "./loop-join.ts";
import type { OutPort } from "./netlist.ts";

/** What is reduced. */
export interface Reduction {
  readonly operation: "add" | "max";
  readonly over: readonly string[];
  /** Name of the result, for blocks and reports. */
  readonly tensor: string;
}

/** Reduces what another cursor walks. */
export class ReduceCursor implements Cursor {
  readonly variables: readonly string[];
  readonly #operand: Cursor;
  readonly #how: Reduction;
  readonly #scope: LoweringScope;
  /** All loops of the operand, in order. */
  readonly #loops: readonly string[];
  /** Loops open so far, of the result's own variables. */
  #next = 0;
  /** The innermost loop that is open around the reduction, and whether each of those open is complete. */
  #around: OpenLoop | null = null;
  #allComplete = true;
  /** Coordinates of kept loops inside a reduced one, once it has run. */
  #made: ReadonlyMap<string, OpenLoop> | null = null;
  #val: OutPort | null = null;

  constructor(operand: Cursor, how: Reduction, scope: LoweringScope) {
    this.#operand = operand;
    this.#how = how;
    this.#scope = scope;
    this.#loops = operand.variables;
    this.variables = inLoopOrder(
      operand.variables.filter((variable) => !how.over.includes(variable)),
      scope.order,
    );
  }

  advance(variable: string): PendingJoin {
    const at = this.#next;
    this.#next += 1;
    if (this.#made === null && this.#loops[at] === variable) return this.#operand.advance(variable);
    this.#run(at);
    const loop = this.#made?.get(variable);
    if (loop === undefined) throw this.#conflict(variable, "is open already");
    const last = this.#next === this.variables.length;
    const accept = (val: OutPort): void => {
      this.#val = val;
    };
    const { crd, complete, nonempty } = loop;
    const member: LoopMember = {
      crd,
      complete,
      nonempty,
      carried: last ? [{ stream: this.#val!, accept }] : [],
      rigid: !last,
      of: this.#how.tensor,
      lacks: () => {},
    };
    return single(member);
  }

  settle(loop: OpenLoop): void {
    if (this.#made !== null) return;
    this.#around = loop;
    this.#allComplete &&= loop.complete;
    this.#operand.settle(loop);
  }

  repeat(loop: OpenLoop): void {
    const { tensor } = this.#how;
    if (this.#next === this.variables.length) {
      this.#val = repeated(this.value(), loop, this.#scope, { tensor, root: this.#around === null });
      this.#around ??= loop;
      return;
    }
    if (this.#made !== null) throw this.#conflict(loop.variable, `comes between loops of ${tensor}`);
    this.#around = loop;
    this.#allComplete &&= loop.complete;
    this.#operand.repeat(loop);
  }

  value(): OutPort {
    this.#run(this.#next);
    return this.#val!;
  }

  #conflict(variable: string, why: string): FusionConflict {
    return new FusionConflict(variable, `${variable} ${why}`, this.#how.tensor);
  }

  /** Runs the loops from number `first` on, and reduces. */
  #run(first: number): void {
    if (this.#made !== null) return;
    const { netlist } = this.#scope;
    const loops: OpenLoop[] = [];
    for (const variable of this.#loops.slice(first)) {
      const loop = open(resolve(this.#operand.advance(variable), { netlist, variable }), variable);
      this.#operand.settle(loop);
      loops.push(loop);
    }
    let val = this.#operand.value();
    const { over } = this.#how;
    const lastKept = loops.findLastIndex(({ variable }) => !over.includes(variable));
    for (let at = loops.length - 1; at > lastKept; at--) val = this.#reduce(loops, at, val);
    for (let at = lastKept; at >= 0; at--) {
      if (over.includes(loops[at]!.variable)) val = this.#accumulate(loops, at, val);
    }
    this.#val = val;
    this.#made = new Map(loops.filter(({ variable }) => !over.includes(variable)).map((loop) => [loop.variable, loop]));
  }

  #reduce(loops: readonly OpenLoop[], at: number, val: OutPort): OutPort {
    const { variable } = loops[at]!;
    const around = loops[at - 1] ?? this.#around;
    const full = this.#allComplete && loops.slice(0, at).every(({ complete }) => complete);
    // The stop that ends an empty fibre of the loop around also ends, one level deeper, a fibre to be summed: only that
    // loop's coordinates tell the two apart.
    const { guides } = this.#scope;
    const guided = around !== null && guides !== "never" && (guides === "always" || !full);
    const inputs = { val, ...(guided ? { crd: around.crd } : {}) };
    const { operation, tensor } = this.#how;
    const { tile, axes } = this.#without(variable, val);
    const parameters = { type: "reduce", operation, label: tensor, ...tile } as const;
    const block = this.#scope.netlist.add(`reduce-${variable}`, parameters, inputs);
    return { block, port: "val", kind: "val", ...axes };
  }

  /** What summing over a loop does to tiles: their axis along it goes, if it is still there. */
  #without(variable: string, { axes }: OutPort): { tile?: { tile: TileWork }; axes?: { axes: readonly string[] } } {
    const { tiles } = this.#scope;
    if (tiles === null || axes === undefined) return {};
    const left = axes.filter((axis) => axis !== variable);
    return { tile: { tile: tileWork(tiles.size, [axes], left) }, axes: { axes: left } };
  }

  /** Sums over loop `at`, outside at least one kept loop; replaces the coordinates of these loops. */
  #accumulate(loops: OpenLoop[], at: number, val: OutPort): OutPort {
    const { over, operation, tensor } = this.#how;
    const { variable } = loops[at]!;
    if (operation === "max") throw this.#conflict(variable, "must be inside the loops that a maximum keeps");
    const kept = loops.slice(at + 1).filter((loop) => !over.includes(loop.variable));
    const inner = kept.toReversed();
    const indices = [...inner.map((loop) => loop.variable), variable];
    const inputs: Record<string, OutPort> = { val, [`crd${inner.length}`]: loops[at]!.crd };
    for (const [k, loop] of inner.entries()) inputs[`crd${k}`] = loop.crd;
    const { tile, axes } = this.#without(variable, val);
    const block = this.#scope.netlist.add(
      `spacc-${variable}`,
      { type: "spacc", form: "fibers", order: kept.length, indices, label: tensor, ...tile },
      inputs,
    );
    const { nonempty } = loops[at]!;
    for (const [k, loop] of inner.entries()) {
      const place = loops.indexOf(loop);
      const crd: OutPort = { block, port: `crd${k}`, kind: "crd" };
      loops[place] = { ...loop, crd, complete: nonempty && loop.complete, nonempty: nonempty && loop.nonempty };
    }
    return { block, port: "val", kind: "val", ...axes };
  }
}
