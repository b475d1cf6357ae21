/** What is expected of a stream: how many tokens, and where they point. */

/** Expected tokens of a stream. */
export interface Flow {
  /** Tokens at each level of nesting, outermost first; the last is the stream's own. One for a stream without levels. */
  readonly levels: readonly number[];
  /** Of coordinates: expected tokens with each coordinate. */
  readonly histogram?: Float64Array;
  /** Of references: expected tokens with each position; absent where positions are too many, then all are alike. */
  readonly visits?: Float64Array;
  /** Coordinate of each position, parallel to `visits`. */
  readonly coordinates?: Int32Array;
}

/** Data tokens of a stream. */
export function countOf({ levels }: Flow): number {
  return levels.at(-1) ?? 1;
}

/** Fibres of a stream: tokens of the level outside its own. */
export function fibersOf({ levels }: Flow): number {
  return levels.at(-2) ?? 1;
}

/** Tokens and stops of a stream. */
export function lengthOf(flow: Flow): number {
  return countOf(flow) + (flow.levels.length === 0 ? 0 : fibersOf(flow));
}

/** The sum of an array. */
export function sumOf(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}

/** The flow with its own tokens, coordinates and positions scaled. */
export function scaledFlow(flow: Flow, factor: number): Flow {
  const by = (values: Float64Array | undefined): Float64Array | undefined => values?.map((value) => value * factor);
  const levels = [...flow.levels.slice(0, -1), countOf(flow) * factor];
  const [histogram, visits] = [by(flow.histogram), by(flow.visits)];
  return { ...flow, levels, ...(histogram && { histogram }), ...(visits && { visits }) };
}
