/**
 * Programs of the paper's dialect as streaming programs of `step-ir`, at the sizes of one set: a second engine for their
 * values, and the way to their cycles and bytes.
 *
 * An element is a row of numbers, `f32[1, n]`. Inputs come from off-chip tensors and outputs go there. A Zip puts rows side
 * by side; Bufferize joins the rows of a group into one and Streamify cuts them again; a Copy is no operator; a choice
 * becomes a selector where a Partition or a Merge reads it.
 */
import {
  accum,
  choose,
  expand,
  flatMap,
  flatten,
  linearLoad,
  linearStore,
  map,
  map2,
  Program,
  partition,
  promote,
  reassemble,
  repeat,
  reshape,
  type Stream,
  scan,
  type Token,
  type Value,
} from "@millrace/step-ir";
import { type CompiledFn, compileFns } from "../formula/compile.ts";
import type { Sizes } from "../program/dim.ts";
import { sizeOf } from "../program/dim.ts";
import type { StreamType } from "../program/element-type.ts";
import type { Op, OpProgram } from "../program/program.ts";
import type { ValueType } from "../program/typecheck.ts";
import type { Task } from "../tasks/task.ts";
import type { TensorSet } from "../tasks/tensor-set.ts";
import type { StreamNumbers } from "../verify/interpret.ts";
import { flat, unflatten } from "./dimensions.ts";
import { completeHardware, type Hardware } from "./hardware.ts";
import { inLanes } from "./lanes.ts";
import { extentsOf, fromRows, partSizes, toRows, widthOf } from "./stream-rows.ts";
import { beside, foldBody, mapBody, mergeBody, regroup } from "./tile-functions.ts";

/** A streaming program with what it reads. */
export interface LoweredProgram {
  readonly program: Program;
  /** What the off-chip tensors hold, by name. */
  readonly tensors: Readonly<Record<string, Float64Array>>;
  /** What its sources carry, by id. */
  readonly sources: Readonly<Record<string, readonly Token<Value>[]>>;
  /** The outputs of the task in the tensors that a run leaves. */
  readonly outputs: (tensors: Readonly<Record<string, Float64Array>>) => readonly StreamNumbers[];
}

/** What is lowered: a program that is well typed for its task, and the sizes, inputs and parameters to lower it for. */
export interface ToLower {
  readonly task: Task;
  readonly program: OpProgram;
  readonly types: ReadonlyMap<string, ValueType>;
  readonly set: TensorSet;
}

/** The streaming program. @throws {StepError} if it cannot be built, which no well-typed program has come to yet. */
export function lowerToStep(what: ToLower, hardware: Hardware = {}): LoweredProgram {
  return new Lowering(what, completeHardware(hardware)).lower();
}

class Lowering {
  readonly #what: ToLower;
  readonly #hardware: Required<Hardware>;
  readonly #sizes: Sizes;
  readonly #fns: ReadonlyMap<string, CompiledFn>;
  readonly #inits: ReadonlyMap<string, readonly number[]>;
  readonly #program: Program;
  readonly #values = new Map<string, Stream | readonly Stream[]>();
  readonly #selectors = new Map<Stream, Stream>();
  readonly #tensors: Record<string, Float64Array> = {};
  readonly #sources: Record<string, readonly Token<Value>[]> = {};

  constructor(what: ToLower, hardware: Required<Hardware>) {
    this.#what = what;
    this.#hardware = hardware;
    this.#sizes = what.set.sizes;
    this.#fns = compileFns(what.task, what.set);
    this.#inits = new Map(what.task.fns.map((fn) => [fn.name, fn.init]));
    this.#program = new Program(what.task.id.replaceAll(/[^A-Za-z0-9_.]/g, "-"));
  }

  lower(): LoweredProgram {
    const { task, program } = this.#what;
    const read = new Set([...program.ops.flatMap((op) => op.in), ...program.returns]);
    for (const input of task.inputs) {
      if (read.has(input.name)) this.#values.set(input.name, this.#load(input.name, input));
    }
    for (const [at, op] of program.ops.entries()) {
      const made = this.#operator(op, at);
      for (const name of op.out) this.#values.set(name, made);
    }
    const widths = task.outputs.map(({ elem }) => partSizes(elem, this.#sizes));
    for (const [index, name] of program.returns.entries()) this.#store(index, this.#stream(name));
    return {
      program: this.#program,
      tensors: this.#tensors,
      sources: this.#sources,
      outputs: (tensors) => widths.map((sizes, index) => fromRows(tensors[`out.${index}`]!, sizes)),
    };
  }

  #operator(op: Op, at: number): Stream | readonly Stream[] {
    const id = op.out[0]!;
    switch (op.op) {
      case "Map":
        return this.#shared(at, this.#stream(op.in[0]!), 0, (one) => this.#map(one, op.fn));
      case "Accum":
      case "Scan": {
        const settings = { ...this.#computing(), fn: foldBody(this.#fn(op.fn), this.#inits.get(op.fn)!), rank: op.b };
        const fold = op.op === "Accum" ? accum : scan;
        return this.#shared(at, this.#stream(op.in[0]!), op.b, (one) => fold(one, settings));
      }
      case "Zip":
        return map2(this.#stream(op.in[0]!), this.#stream(op.in[1]!), { id, fn: beside });
      case "Promote":
        return promote(this.#stream(op.in[0]!), { id, rank: op.b });
      case "Flatten":
        return flatten(this.#stream(op.in[0]!), { id, min: op.levels[0]! - 1, max: op.levels.at(-1)! });
      case "Repeat":
        return repeat(this.#stream(op.in[0]!), { id, count: sizeOf(op.n, this.#sizes)! });
      case "RepeatRef":
        return expand(promote(this.#stream(op.in[0]!), { rank: 0 }), this.#stream(op.in[1]!), { id, rank: 0 });
      case "Bufferize":
        return this.#bufferize(op.in[0]!, op.a);
      case "Streamify":
        return this.#streamify(op.in[0]!);
      case "Copy":
        return this.#stream(op.in[0]!);
      case "Partition": {
        const [data, choices] = [this.#stream(op.in[0]!), this.#stream(op.in[1]!)];
        return partition(data, this.#selector(choices), { id, rank: data.shape.length - choices.shape.length });
      }
      case "MapEach":
        return this.#list(op.in[0]!).map((one, expert) => this.#map(one, op.fns[expert]!));
      case "Merge":
        return this.#merge(op);
    }
  }

  #stream(name: string): Stream {
    return this.#values.get(name) as Stream;
  }

  #list(name: string): readonly Stream[] {
    return this.#values.get(name) as readonly Stream[];
  }

  #type(name: string): StreamType {
    return this.#what.types.get(name) as StreamType;
  }

  #fn(name: string): CompiledFn {
    return this.#fns.get(name)!;
  }

  #computing(): { readonly bandwidth: number } {
    return { bandwidth: this.#hardware.flopsPerCycle };
  }

  #map(stream: Stream, fn: string): Stream {
    return map(stream, { ...this.#computing(), fn: mapBody(this.#fn(fn)) });
  }

  #shared(at: number, stream: Stream, rank: number, body: (stream: Stream) => Stream): Stream {
    const lanes = this.#hardware.lanes[at] ?? 1;
    return lanes > 1 ? inLanes(stream, { rank, lanes, body, sources: this.#sources }) : body(stream);
  }

  /** Two uses of one choice share the selector, so that what they send and bring back is known to agree. */
  #selector(choices: Stream): Stream {
    let selector = this.#selectors.get(choices);
    if (selector === undefined) {
      selector = choose(choices);
      this.#selectors.set(choices, selector);
    }
    return selector;
  }

  #bufferize(name: string, axes: number): Stream {
    const { elem, shape } = this.#type(name);
    const joined = accum(this.#stream(name), { fn: "retile-columns", rank: axes });
    const parts = partSizes(elem, this.#sizes);
    if (parts.length === 1) return joined;
    const times = extentsOf(shape.slice(0, axes), this.#sizes).reduce((product, size) => product * size, 1);
    return map(joined, { fn: regroup(parts, times, false) });
  }

  #streamify(name: string): Stream {
    const elem = this.#type(name).elem as { readonly buffer: StreamType["elem"]; readonly dims: readonly string[] };
    const parts = partSizes(elem.buffer, this.#sizes);
    const extents = extentsOf(elem.dims, this.#sizes);
    const times = extents.reduce((product, size) => product * size, 1);
    let stream = this.#stream(name);
    if (parts.length > 1) stream = map(stream, { fn: regroup(parts, times, true) });
    return unflatten(this.#cut(stream, widthOf(elem.buffer, this.#sizes)), extents, 0);
  }

  /** Rows of so many numbers, as a new innermost dimension. */
  #cut(stream: Stream, width: number): Stream {
    return flatMap(stream, { fn: "split-columns", rank: 1, parameter: width });
  }

  #merge(op: Op & { readonly op: "Merge" }): Stream {
    const types = this.#what.types.get(op.in[0]!) as readonly StreamType[];
    const inner = extentsOf(types[0]!.shape.slice(0, -1), this.#sizes);
    const places = inner.reduce((product, size) => product * size, 1);
    const choices = this.#stream(op.in[1]!);
    // Whole tokens as one row: then an expert that got none has nothing to join.
    const tokens = this.#list(op.in[0]!).map((one) =>
      inner.length === 0 ? one : accum(one, { fn: "retile-columns", rank: inner.length }),
    );
    // One selector after the other, without groups: then a position without experts is one empty group and nothing else.
    const gathered = reassemble(tokens, this.#selector(flat(choices)));
    const fn = mergeBody(this.#fn(op.fn), this.#inits.get(op.fn)!, places);
    const merged = accum(gathered, { ...this.#computing(), fn, rank: 1 });
    const stream = unflatten(merged, extentsOf(this.#type(op.in[1]!).shape, this.#sizes), 0);
    if (inner.length === 0) return stream;
    return unflatten(this.#cut(stream, widthOf(this.#type(op.out[0]!).elem, this.#sizes)), inner, 0);
  }

  #load(name: string, type: StreamType): Stream {
    const [widths, extents] = [partSizes(type.elem, this.#sizes), extentsOf(type.shape, this.#sizes)];
    const columns = widths.reduce((sum, width) => sum + width, 0);
    const rows = extents.reduce((product, size) => product * size, 1);
    const each = largestDivisor(rows, this.#hardware.tileElements);
    const tensor = this.#program.tensor(`in.${name}`, { scalar: "f32", rows: rows / each, columns: columns * each });
    const parts = this.#what.set.inputs[name]!.map(({ values }) => values);
    this.#tensors[tensor] = toRows(parts, widths);
    const settings = { tensor, tile: [1, columns * each], shape: [rows / each], stride: [1] } as const;
    const tiles = linearLoad(this.#program, settings);
    return unflatten(flat(each === 1 ? tiles : this.#cut(tiles, columns)), extents, 0);
  }

  #store(index: number, stream: Stream): void {
    const { elem, shape } = this.#what.task.outputs[index]!;
    const rows = extentsOf(shape, this.#sizes).reduce((product, size) => product * size, 1);
    const each = largestDivisor(rows, this.#hardware.tileElements);
    const columns = each * widthOf(elem, this.#sizes);
    const tensor = this.#program.tensor(`out.${index}`, { scalar: "f32", rows: rows / each, columns });
    const elements = flat(stream);
    const tiles =
      each === 1 ? elements : accum(reshape(elements, { chunk: each }).chunks, { fn: "retile-columns", rank: 1 });
    linearStore(tiles, { tensor });
  }
}

function largestDivisor(of: number, most: number): number {
  for (let divisor = Math.min(of, most); divisor > 1; divisor--) if (of % divisor === 0) return divisor;
  return 1;
}
