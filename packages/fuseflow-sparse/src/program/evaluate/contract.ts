/** Sums of products in the reference evaluator, over entries other than zero. */
import { nonzerosIn, pointCount, type ReferenceValue, stridesOf } from "./value.ts";

/** The product of two values, summed over every variable that is not in `kept`. */
export function contract(left: ReferenceValue, right: ReferenceValue, kept: readonly string[]): ReferenceValue {
  const extentOf = new Map<string, number>();
  for (const { variables, extents } of [left, right])
    for (const [at, variable] of variables.entries()) extentOf.set(variable, extents[at]!);
  const extents = kept.map((variable) => extentOf.get(variable)!);
  const values = new Float64Array(pointCount(extents));
  const shared = left.variables.filter((variable) => right.variables.includes(variable));
  const keySizes = shared.map((variable) => extentOf.get(variable)!);
  const outStrides = stridesOf(extents);
  const outStep = (variable: string): number => {
    const at = kept.indexOf(variable);
    return at < 0 ? 0 : outStrides[at]!;
  };
  const keyStrides = stridesOf(keySizes);
  const keyStep = (variable: string): number => {
    const at = shared.indexOf(variable);
    return at < 0 ? 0 : keyStrides[at]!;
  };
  const a = project(left, { key: keyStep, out: outStep });
  // Shared variables are counted once in the place of the result.
  const b = project(right, { key: keyStep, out: (variable) => (shared.includes(variable) ? 0 : outStep(variable)) });
  const keys = keySizes.reduce((product, size) => product * size, 1);
  const { starts, order } = groupByKey(b.keys, keys);
  for (let e = 0; e < a.keys.length; e++) {
    const key = a.keys[e]!;
    for (let at = starts[key]!; at < starts[key + 1]!; at++) {
      const f = order[at]!;
      values[a.places[e]! + b.places[f]!]! += a.values[e]! * b.values[f]!;
    }
  }
  return { variables: kept, extents, values, stored: null };
}

interface Projected {
  readonly keys: Int32Array;
  readonly places: Int32Array;
  readonly values: Float64Array;
}

function project(
  value: ReferenceValue,
  steps: { readonly key: (variable: string) => number; readonly out: (variable: string) => number },
): Projected {
  const { places, values } = nonzerosIn(value);
  const strides = stridesOf(value.extents);
  const keySteps = value.variables.map(steps.key);
  const outSteps = value.variables.map(steps.out);
  const keys = new Int32Array(places.length);
  const results = new Int32Array(places.length);
  for (let e = 0; e < places.length; e++) {
    let rest = places[e]!;
    let key = 0;
    let place = 0;
    for (let at = 0; at < strides.length; at++) {
      const coordinate = Math.floor(rest / strides[at]!);
      rest -= coordinate * strides[at]!;
      key += coordinate * keySteps[at]!;
      place += coordinate * outSteps[at]!;
    }
    keys[e] = key;
    results[e] = place;
  }
  return { keys, places: results, values };
}

function groupByKey(keys: Int32Array, count: number): { readonly starts: Int32Array; readonly order: Int32Array } {
  const starts = new Int32Array(count + 1);
  for (const key of keys) starts[key + 1]! += 1;
  for (let key = 0; key < count; key++) starts[key + 1]! += starts[key]!;
  const next = starts.slice();
  const order = new Int32Array(keys.length);
  for (let e = 0; e < keys.length; e++) order[next[keys[e]!]!++] = e;
  return { starts, order };
}
