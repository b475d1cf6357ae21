/** The points of an exploration: data, granularity, loop order, lanes and tiles. */

/** One point. */
export interface Configuration {
  /** Name of the operands. */
  readonly data: string;
  /** Name of the division into regions. */
  readonly granularity: string;
  /** Number of the loop order of every region among those that lower to different graphs, the first being 0. */
  readonly order: number;
  /** Lanes of the outermost loops of every region, outermost first. */
  readonly lanes: readonly number[];
  /** Edge of the square tiles that values become; 1 for numbers. */
  readonly block: number;
}

/** Values of every choice. */
export interface ConfigurationChoices {
  readonly data: readonly string[];
  readonly granularities: readonly string[];
  /** Most loop orders of a region. */
  readonly orders: number;
  readonly lanes: readonly (readonly number[])[];
  readonly blocks: readonly number[];
}

/**
 * All points, those of one granularity together.
 *
 * @example
 * const lanes = [[1], [4, 4]];
 * const choices = { data: ["given"], granularities: ["full"], orders: 2, lanes, blocks: [1] };
 * configurations(choices).map(configurationKey)[3]; // => "given full 1 4x4 b1"
 */
export function configurations({
  data,
  granularities,
  orders,
  lanes,
  blocks,
}: ConfigurationChoices): readonly Configuration[] {
  return data.flatMap((operands) =>
    granularities.flatMap((granularity) =>
      Array.from({ length: orders }, (_, order) => order).flatMap((order) =>
        lanes.flatMap((factors) =>
          blocks.map((block): Configuration => ({ data: operands, granularity, order, lanes: factors, block })),
        ),
      ),
    ),
  );
}

/** A name for a point, different for every point of an exploration. */
export function configurationKey({ data, granularity, order, lanes, block }: Configuration): string {
  return `${data} ${granularity} ${order} ${lanes.join("x")} b${block}`;
}
