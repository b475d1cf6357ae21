/** The compiled loops of a stage, and how they are called. */
import type { BufferArray, Kernel } from "@millrace/loop-ir";
import type { GapSpec } from "../lower/close-gaps.ts";
import { clampLayout, type LoopSpec } from "../lower/loop-spec.ts";
import { lowerLoops } from "../lower/lower.ts";
import { bitWords } from "../lower/workspace-result.ts";
import { Arena, RecyclingMemory } from "./arena.ts";
import { clampTable } from "./clamp-table.ts";
import type { BoundCall, Engine, EngineMemory } from "./engine.ts";
import type { Survivors } from "./plan-stage.ts";
import type { Stage } from "./stage.ts";

/** Buffers of one call by name. */
export type Buffers = Readonly<Record<string, BufferArray>>;

/** Loops that can be run. */
type Loops = LoopSpec | GapSpec;

/** Where units begin, and what was left by the phase before. */
interface Cuts {
  readonly tuples: readonly (readonly number[])[];
  readonly survivors: Survivors | undefined;
}

/** The table of cuts, and the buffers that hold it for the loops. */
interface Clamps {
  readonly table: Int32Array;
  readonly buffers: Buffers;
}

/** See the head of this file. */
export class StageKernels {
  readonly stage: Stage;
  readonly engine: Engine;
  readonly #kernels = new Map<string, Promise<Kernel>>();
  /** Where memory is reused, the arguments of a run are mostly those of the run before. */
  readonly #calls = new Map<Loops, { readonly own: Buffers; readonly call: BoundCall }>();
  readonly #bySpec = new WeakMap<Loops, Promise<Kernel>>();
  readonly #clamps = new WeakMap<Cuts["tuples"], Map<LoopSpec, Clamps>>();
  readonly #operands: Readonly<Record<string, BufferArray>>;
  readonly #arena: Arena;
  /** A clock in nanoseconds, and what it counted while loops were compiled. */
  now: () => number = () => 0;
  compileNs = 0;

  /** What arrays of a run are made of; unlike the operands', they are made anew each time, unless results are reused. */
  readonly memory: EngineMemory | undefined;
  readonly #recycled: RecyclingMemory | undefined;
  readonly #held: BufferArray[] | undefined;

  constructor(stage: Stage, engine: Engine, reuse: boolean) {
    this.stage = stage;
    this.engine = engine;
    this.#recycled = reuse ? new RecyclingMemory(engine.memory) : undefined;
    this.#held = reuse ? [] : undefined;
    this.memory = this.#recycled ?? engine.memory;
    this.#arena = new Arena(engine.memory);
    const operands: Record<string, BufferArray> = {};
    const placed = new Map<BufferArray, BufferArray>();
    const place = (name: string, array: BufferArray): void => {
      const copy = placed.get(array) ?? this.#arena.place(array);
      placed.set(array, copy);
      operands[name] = copy;
    };
    stage.operands.forEach(({ tensor }, at) => {
      const { name } = stage.spec[at]!;
      tensor.levels.forEach((level, l) => {
        if (level.kind !== "compressed") return;
        place(`${name}_pos${l}`, level.positions);
        place(`${name}_crd${l}`, level.coordinates);
      });
      place(`${name}_val`, tensor.values as Float64Array);
    });
    this.#operands = operands;
  }

  /** Arrays for a run; those of the run before may be used again. */
  arena(): Arena {
    this.#freeHeld();
    return new Arena(this.memory, this.#held);
  }

  /** Runs loops; `own` are the buffers besides those of the operands. */
  async execute(spec: Loops, units: number, own: Buffers): Promise<void> {
    const known = this.#calls.get(spec);
    if (known !== undefined && sameBuffers(known.own, own)) {
      known.call.run(units);
      return;
    }
    const kernel = await this.#kernel(spec);
    const given: Record<string, BufferArray | number> = {};
    for (const { name } of kernel.nest.buffers) {
      const array = own[name] ?? this.#operands[name];
      if (array !== undefined) given[name] = array;
    }
    for (const name of spec.variables) given[`n_${name}`] = this.size(name);
    if (this.#recycled === undefined || this.engine.bind === undefined) {
      await this.engine.run(kernel, given, units);
      return;
    }
    known?.call.release();
    const call = this.engine.bind(kernel, given);
    this.#calls.set(spec, { own, call });
    call.run(units);
  }

  /** Buffers that say where units begin and end; those of the same cuts are kept where memory is reused. */
  clamps(spec: LoopSpec, cuts: Cuts, arena: Arena): Clamps {
    if (this.#recycled === undefined) return this.#makeClamps(spec, cuts, arena);
    const bySpec = this.#clamps.get(cuts.tuples) ?? new Map<LoopSpec, Clamps>();
    this.#clamps.set(cuts.tuples, bySpec);
    const known = bySpec.get(spec) ?? this.#makeClamps(spec, cuts, this.#arena);
    bySpec.set(spec, known);
    return known;
  }

  #makeClamps(spec: LoopSpec, { tuples, survivors }: Cuts, arena: Arena): Clamps {
    const plain = clampTable({
      spec,
      sizes: this.stage.sizes,
      levels: this.stage.operands.map(({ tensor }) => tensor.levels),
      ...(survivors === undefined ? {} : { survivors }),
      tuples,
    });
    const table = arena.place(plain) as Int32Array;
    const buffers: Record<string, BufferArray> = { clamps: table };
    survivors?.levels.forEach((level, l) => {
      if (level.kind !== "compressed") return;
      buffers[`z_pos${l}`] = arena.place(level.positions);
      buffers[`z_crd${l}`] = arena.place(level.coordinates);
    });
    for (const [operand, array] of survivors?.positions ?? [])
      buffers[`${this.stage.spec[operand]!.name}_map`] = arena.place(array);
    return { table: plain, buffers };
  }

  /** Scratch space for rows that are scattered into, one for each thread. */
  workspace({ result, variables }: LoopSpec, arena: Arena): Buffers {
    if (result.kind !== "workspace") return {};
    const extent = this.size(variables[result.variable]!);
    const { workers } = this.engine;
    const bits = bitWords(extent, result.bitLevels).map((words) => arena.i64(workers * words));
    // Memory that was used before need not be zero, but the bits say what of it is in use.
    if (this.memory?.used) for (const level of bits) level.fill(0n);
    return {
      ws_val: arena.f64(workers * extent),
      ...Object.fromEntries(bits.map((words, level) => [`ws_bit${level}`, words])),
    };
  }

  size(variable: string): number {
    return this.stage.sizes[this.stage.order.indexOf(variable)]!;
  }

  /** Gives the operands' copies back to the engine; the stage cannot be run any more. */
  release(): void {
    for (const { call } of this.#calls.values()) call.release();
    this.#calls.clear();
    this.#arena.release();
    this.#freeHeld();
    this.#recycled?.release();
  }

  #freeHeld(): void {
    const held = this.#held;
    if (held === undefined) return;
    for (const array of held) this.memory?.free(array);
    held.length = 0;
  }

  async #compiled(spec: Loops): Promise<Kernel> {
    const begun = this.now();
    const kernel = await this.engine.compile(lowerLoops(spec));
    this.compileNs += this.now() - begun;
    return kernel;
  }

  #kernel(spec: Loops): Promise<Kernel> {
    const known = this.#bySpec.get(spec);
    if (known !== undefined) return known;
    const key = JSON.stringify(spec);
    let kernel = this.#kernels.get(key);
    if (kernel === undefined) {
      kernel = this.#compiled(spec);
      this.#kernels.set(key, kernel);
    }
    this.#bySpec.set(spec, kernel);
    return kernel;
  }
}

/** Records of a clamp table that lie inside a node of `depth` coordinates: the units that go on with one. */
export function continuingUnits(spec: LoopSpec, table: Int32Array, units: number, depth: number): number[] {
  const layout = clampLayout(spec);
  return Array.from({ length: units }, (_, u) => u).filter(
    (u) => table[u * layout.size + layout.depth]! > depth || depth === 0,
  );
}

function sameBuffers(one: Buffers, other: Buffers): boolean {
  for (const name in other) if (one[name] !== other[name]) return false;
  return true;
}
