/** Requests by the step in which they finish; of those of one step the one pushed first comes first. */
export class FinishQueue {
  size = 0;
  #steps: Float64Array;
  #requests: Int32Array;

  constructor(capacity: number) {
    this.#steps = new Float64Array(capacity);
    this.#requests = new Int32Array(capacity);
  }

  /** The step of the first; `Infinity` if there is none. */
  get nextStep(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : this.#steps[0]!;
  }

  push(step: number, request: number): void {
    if (this.size === this.#steps.length) this.#grow();
    let at = this.size;
    this.size += 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#before(step, request, parent)) break;
      this.#copy(parent, at);
      at = parent;
    }
    this.#steps[at] = step;
    this.#requests[at] = request;
  }

  /** Takes the first out. */
  pop(): number {
    const first = this.#requests[0]!;
    this.size -= 1;
    const step = this.#steps[this.size]!;
    const request = this.#requests[this.size]!;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.size) break;
      if (child + 1 < this.size && this.#before(this.#steps[child + 1]!, this.#requests[child + 1]!, child)) child += 1;
      if (this.#before(step, request, child)) break;
      this.#copy(child, at);
      at = child;
    }
    this.#steps[at] = step;
    this.#requests[at] = request;
    return first;
  }

  #before(step: number, request: number, at: number): boolean {
    return step < this.#steps[at]! || (step === this.#steps[at]! && request < this.#requests[at]!);
  }

  #copy(from: number, to: number): void {
    this.#steps[to] = this.#steps[from]!;
    this.#requests[to] = this.#requests[from]!;
  }

  #grow(): void {
    const steps = new Float64Array(2 * this.#steps.length);
    const requests = new Int32Array(2 * this.#requests.length);
    steps.set(this.#steps);
    requests.set(this.#requests);
    this.#steps = steps;
    this.#requests = requests;
  }
}
