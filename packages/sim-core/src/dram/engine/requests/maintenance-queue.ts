/**
 * Requests of the controller itself, refreshes and closes, first in, first out; they go before reads and writes.
 */

/** A ring that grows. */
export class MaintenanceQueue {
  size = 0;
  // Parallel rings, capacity a power of two.
  #command: Int32Array = new Int32Array(16);
  #bank: Int32Array = new Int32Array(16);
  #level: Int32Array = new Int32Array(16);
  #row: Int32Array = new Int32Array(16);
  #column: Int32Array = new Int32Array(16);
  #first = 0;

  /** Last command of the oldest request. */
  get command(): number {
    return this.#command[this.#first]!;
  }

  /** First bank the oldest request is about. */
  get bank(): number {
    return this.#bank[this.#first]!;
  }

  /** Level of the node the oldest request is about: that bank, or a node above it with all of its banks. */
  get level(): number {
    return this.#level[this.#first]!;
  }

  /** Row and column in the address of the oldest request, which only the log shows; -1 for none. */
  get row(): number {
    return this.#row[this.#first]!;
  }

  get column(): number {
    return this.#column[this.#first]!;
  }

  push(command: number, level: number, bank: number): void {
    this.pushAddressed(command, level, bank, -1, -1);
  }

  pushAddressed(...[command, level, bank, row, column]: [number, number, number, number, number]): void {
    if (this.size === this.#command.length) this.#grow();
    const place = (this.#first + this.size) & (this.#command.length - 1);
    this.#command[place] = command;
    this.#level[place] = level;
    this.#bank[place] = bank;
    this.#row[place] = row;
    this.#column[place] = column;
    this.size += 1;
  }

  shift(): void {
    this.#first = (this.#first + 1) & (this.#command.length - 1);
    this.size -= 1;
  }

  #grow(): void {
    this.#command = this.#unroll(this.#command);
    this.#bank = this.#unroll(this.#bank);
    this.#level = this.#unroll(this.#level);
    this.#row = this.#unroll(this.#row);
    this.#column = this.#unroll(this.#column);
    this.#first = 0;
  }

  #unroll(ring: Int32Array): Int32Array {
    const larger = new Int32Array(2 * ring.length);
    for (let i = 0; i < ring.length; i++) larger[i] = ring[(this.#first + i) & (ring.length - 1)]!;
    return larger;
  }
}
