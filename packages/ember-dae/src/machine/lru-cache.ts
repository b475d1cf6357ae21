/** A cache that drops the line that was used least recently, whatever its place: it hits uses of a stack distance up to its size. */
export class LruCache {
  readonly #slots = new Map<number, number>();
  // A ring of slots in the order of use: `#next` leads from the latest use to the earliest, `#before` back.
  readonly #next: Int32Array;
  readonly #before: Int32Array;
  readonly #lines: Float64Array;
  readonly #capacity: number;
  #latest = -1;

  /** `capacity` is in lines; a cache of 0 lines never hits. */
  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#next = new Int32Array(capacity);
    this.#before = new Int32Array(capacity);
    this.#lines = new Float64Array(capacity);
  }

  /** Uses a line and says whether it was there. */
  use(line: number): boolean {
    const slot = this.#slots.get(line);
    if (slot !== undefined) {
      if (slot !== this.#latest) {
        this.#unlink(slot);
        this.#link(slot);
      }
      return true;
    }
    if (this.#capacity === 0) return false;
    this.#bringIn(line);
    return false;
  }

  #bringIn(line: number): void {
    const full = this.#slots.size === this.#capacity;
    const slot = full ? this.#before[this.#latest]! : this.#slots.size;
    if (full) {
      this.#slots.delete(this.#lines[slot]!);
      this.#unlink(slot);
    }
    this.#lines[slot] = line;
    this.#slots.set(line, slot);
    this.#link(slot);
  }

  #unlink(slot: number): void {
    const [next, before] = [this.#next[slot]!, this.#before[slot]!];
    this.#next[before] = next;
    this.#before[next] = before;
    if (slot === this.#latest) this.#latest = next === slot ? -1 : next;
  }

  // The earliest is before the latest, as the order is a ring.
  #link(slot: number): void {
    const latest = this.#latest;
    if (latest < 0) {
      this.#next[slot] = slot;
      this.#before[slot] = slot;
    } else {
      const earliest = this.#before[latest]!;
      this.#next[slot] = latest;
      this.#before[slot] = earliest;
      this.#before[latest] = slot;
      this.#next[earliest] = slot;
    }
    this.#latest = slot;
  }
}
