/**
 * Results whose rows are scattered into: each thread adds a row up in an array as long as the row could be, with one bit
 * for each element in use and, above that, one bit for each word in use. Walking the bits gives the entries in order,
 * without a sort, in time of the entries (and a few words); it clears them for the next row.
 */
import type { Value } from "@millrace/loop-ir";
import type { LoopEmitter, LoopPoint } from "./emit-loops.ts";
import { EntryCursor } from "./entry-cursor.ts";
import type { LoopSpec } from "./loop-spec.ts";
import type { ResultEmitter } from "./result-emitter.ts";

type WorkspaceSpec = Extract<LoopSpec["result"], { readonly kind: "workspace" }>;

/** How many levels of bits a row of `extent` elements needs, so that the last has few words. */
export function bitLevels(extent: number): number {
  return extent <= 2 ** 18 ? 2 : 3;
}

/** Words of each level of bits. */
export function bitWords(extent: number, levels: number): number[] {
  const words = [Math.max(1, Math.ceil(extent / 64))];
  while (words.length < levels) words.push(Math.max(1, Math.ceil(words.at(-1)! / 64)));
  return words;
}

/** See the head of this file. */
export class WorkspaceResult implements ResultEmitter {
  readonly #emitter: LoopEmitter;
  readonly #result: WorkspaceSpec;
  #cursor: EntryCursor | undefined;
  #values: Value | undefined;
  #bits: readonly Value[] = [];

  constructor(emitter: LoopEmitter, result: WorkspaceSpec) {
    this.#emitter = emitter;
    this.#result = result;
  }

  begin(): void {
    const { b } = this.#emitter;
    this.#cursor = new EntryCursor(this.#emitter, this.#result.eagerRows);
    this.#values = b.local("ws", b.multiply(b.worker, this.#emitter.size(this.#result.variable)));
    this.#bits = Array.from({ length: this.#result.bitLevels }, (_, level) =>
      b.local(`ws_bits${level}`, b.multiply(b.worker, this.#words(level))),
    );
  }

  around(point: LoopPoint, inner: () => void): void {
    if (point.depth !== this.#result.rowDepth) {
      inner();
      return;
    }
    this.#cursor!.row(point, () => {
      inner();
      this.#drain();
    });
  }

  leaf(point: LoopPoint): void {
    const { b } = this.#emitter;
    const value = b.local("value", this.#emitter.value(point));
    const coordinate = point.coordinates[this.#result.variable]!;
    const sums = this.#emitter.buffer("ws_val", "f64", "read-write");
    const place = b.local("at", b.add(this.#values!, coordinate));
    const bits = this.#bitBuffer(0);
    const word = b.local("word_at", b.add(this.#bits[0]!, shifted(b, coordinate, 6)));
    const old = b.local("word", b.load(bits, word));
    const bit = b.local("bit", oneBit(b, coordinate));
    b.if(
      b.equal(b.and(old, bit), b.i64(0)),
      () => {
        b.store(bits, word, b.or(old, bit));
        b.store(sums, place, value);
        this.#mark(coordinate, { level: 1, below: old });
      },
      () => b.store(sums, place, b.add(b.load(sums, place), value)),
    );
  }

  /** Marks the word `below` of the level below as in use; where it held anything before, it is marked. */
  #mark(coordinate: Value, { level, below }: { readonly level: number; readonly below: Value }): void {
    if (level === this.#result.bitLevels) return;
    const { b } = this.#emitter;
    b.if(b.equal(below, b.i64(0)), () => {
      const bits = this.#bitBuffer(level);
      const at = b.local("above", b.add(this.#bits[level]!, shifted(b, coordinate, 6 * (level + 1))));
      const old = b.local("above_word", b.load(bits, at));
      b.store(bits, at, b.or(old, oneBit(b, shifted(b, coordinate, 6 * level))));
      this.#mark(coordinate, { level: level + 1, below: old });
    });
  }

  end(): void {
    this.#cursor!.end();
  }

  #words(level: number): Value {
    const { b } = this.#emitter;
    const name = `ws_words${level}`;
    const size = this.#emitter.size(this.#result.variable);
    // (size + 64^(level+1) - 1) >> 6(level+1), and at least one word.
    const span = 64 ** (level + 1);
    const words = b.binary("shift-right", b.add(b.convert("i64", size), b.i64(span - 1)), b.i64(6 * (level + 1)));
    return b.local(name, b.maximum(b.convert("i32", words), 1));
  }

  #bitBuffer(level: number) {
    return this.#emitter.buffer(`ws_bit${level}`, "i64", "read-write");
  }

  /** Appends the row in the order of its coordinates and leaves the workspace empty. */
  #drain(): void {
    const { b, spec } = this.#emitter;
    const top = this.#result.bitLevels - 1;
    const sums = this.#emitter.buffer("ws_val", "f64", "read-write");
    const walk = (level: number, word: Value): void => {
      const bits = this.#bitBuffer(level);
      const at = b.local("drain_at", b.add(this.#bits[level]!, word));
      const left = b.local("left", b.load(bits, at));
      b.if(b.notEqual(left, b.i64(0)), () => {
        b.store(bits, at, b.i64(0));
        b.while(
          () => b.notEqual(left, b.i64(0)),
          () => {
            const bit = b.convert("i32", b.unary("trailing-zeros", left));
            const below = b.local("drained", b.add(b.multiply(word, 64), bit));
            b.set(left, b.and(left, b.subtract(left, b.i64(1))));
            if (level > 0) walk(level - 1, below);
            else {
              const value = b.load(sums, b.add(this.#values!, below));
              if (!spec.countOnly) b.store(this.#emitter.buffer("out_val", "f64", "write"), this.#cursor!.entry, value);
              this.#cursor!.append(below);
            }
          },
        );
      });
    };
    const words = this.#words(top);
    b.for("top", b.i32(0), words, (word) => walk(top, word));
  }
}

function shifted(b: LoopEmitter["b"], coordinate: Value, count: number): Value {
  return b.binary("shift-right", coordinate, b.i32(count));
}

function oneBit(b: LoopEmitter["b"], coordinate: Value): Value {
  return b.binary("shift-left", b.i64(1), b.convert("i64", b.and(coordinate, b.i32(63))));
}
