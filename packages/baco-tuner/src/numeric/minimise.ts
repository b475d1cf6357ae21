/** Minimises a smooth function within a box: L-BFGS on the coordinates that are not held at a bound. */

/** A function that writes its gradient and returns its value; not finite where it is undefined. */
export type Objective = (x: Float64Array, gradient: Float64Array) => number;

/** The box, and when to stop. */
export interface MinimiseOptions {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly iterations: number;
  /** Stops when a step improves the value by less than this. */
  readonly tolerance?: number;
}

const memory = 6;

/** Minimises from `start`; returns the best point and its value. */
export function minimise(
  objective: Objective,
  start: Float64Array,
  options: MinimiseOptions,
): { x: Float64Array; value: number } {
  const n = start.length;
  let x: Float64Array = start.map((each, i) => Math.min(Math.max(each, options.lower[i]!), options.upper[i]!));
  let gradient: Float64Array = new Float64Array(n);
  let value = objective(x, gradient);
  if (!Number.isFinite(value)) return { x, value: Number.POSITIVE_INFINITY };
  const steps: Float64Array[] = [];
  const changes: Float64Array[] = [];
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const free = gradient.map((slope, i) =>
      (slope > 0 ? x[i]! > options.lower[i]! : x[i]! < options.upper[i]!) ? 1 : 0,
    );
    const direction = descent(
      gradient.map((slope, i) => slope * free[i]!),
      steps,
      changes,
    );
    let slope = 0;
    for (let i = 0; i < n; i++) {
      direction[i]! *= free[i]!;
      slope += direction[i]! * gradient[i]!;
    }
    if (!(slope < -1e-12)) break;
    const next = search({ objective, x, value, direction, slope, first: steps.length === 0 }, options);
    if (next === undefined) break;
    const step = next.x.map((each, i) => each - x[i]!);
    const change = next.gradient.map((each, i) => each - gradient[i]!);
    if (dot(step, change) > 1e-12) {
      steps.push(step);
      changes.push(change);
      if (steps.length > memory) {
        steps.shift();
        changes.shift();
      }
    }
    const gain = value - next.value;
    ({ x, gradient, value } = next);
    if (gain < (options.tolerance ?? 1e-4)) break;
  }
  return { x, value };
}

interface Line {
  readonly objective: Objective;
  readonly x: Float64Array;
  readonly value: number;
  readonly direction: Float64Array;
  readonly slope: number;
  readonly first: boolean;
}

/** Halves the step until the value falls enough; `undefined` if it never does. */
function search(
  line: Line,
  { lower, upper }: MinimiseOptions,
): { x: Float64Array; gradient: Float64Array; value: number } | undefined {
  const { x, direction } = line;
  const gradient = new Float64Array(x.length);
  let length = line.first ? Math.min(1, 1 / Math.sqrt(dot(direction, direction))) : 1;
  for (let round = 0; round < 12; round++, length *= 0.4) {
    const next = new Float64Array(x.length);
    for (let i = 0; i < x.length; i++)
      next[i] = Math.min(Math.max(x[i]! + length * direction[i]!, lower[i]!), upper[i]!);
    const value = line.objective(next, gradient);
    if (value <= line.value + 1e-4 * length * line.slope) return { x: next, gradient, value };
  }
  return undefined;
}

/** The two-loop recursion: minus the inverse Hessian, as remembered, times the gradient. */
function descent(
  gradient: Float64Array,
  steps: readonly Float64Array[],
  changes: readonly Float64Array[],
): Float64Array {
  const direction = gradient.map((each) => -each);
  const weights: number[] = [];
  for (let k = steps.length - 1; k >= 0; k--) {
    weights[k] = dot(steps[k]!, direction) / dot(steps[k]!, changes[k]!);
    for (let i = 0; i < direction.length; i++) direction[i]! -= weights[k]! * changes[k]![i]!;
  }
  const last = steps.length - 1;
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!);
    for (let i = 0; i < direction.length; i++) direction[i]! *= scale;
  }
  for (let k = 0; k <= last; k++) {
    const beta = dot(changes[k]!, direction) / dot(steps[k]!, changes[k]!);
    for (let i = 0; i < direction.length; i++) direction[i]! += (weights[k]! - beta) * steps[k]![i]!;
  }
  return direction;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
