/** The configurations that an exploration runs: granularity x order x lanes, and the record that it goes on from. */
import {
  type CompiledProgram,
  compileProgram,
  expandRegion,
  FuseflowError,
  independenceOf,
  legalOrders,
  partialOrder,
  type RegionSchedule,
  type SimulateProgramOptions,
  simulateProgram,
  storedTensor,
} from "@millrace/fuseflow-sparse";
import type { LoadedModel } from "./load-model.ts";
import { checkModel } from "./run-model.ts";

/** One point of an exploration. */
export interface Configuration {
  readonly granularity: string;
  /** Number of the loop order among those that lower to different graphs, the first being 0. */
  readonly order: number;
  /** Lanes of the outermost loop of every region. */
  readonly lanes: number;
}

/** What a configuration came to. */
export interface Explored extends Configuration {
  /** Null if it has no graph, with the reason. */
  readonly cycles: number | null;
  readonly flops: number;
  readonly bytes: number;
  readonly nodes: number;
  readonly checked: boolean;
  readonly reason?: string;
}

/** All configurations, in the order in which they run. */
export function configurations(
  granularities: readonly string[],
  { orders, lanes }: { readonly orders: number; readonly lanes: readonly number[] },
): readonly Configuration[] {
  return granularities.flatMap((granularity) =>
    Array.from({ length: orders }, (_, order) => order).flatMap((order) =>
      lanes.map((factor): Configuration => ({ granularity, order, lanes: factor })),
    ),
  );
}

/** A name for a configuration, which a record knows it by. */
export function keyOf({ granularity, order, lanes }: Configuration): string {
  return `${granularity} ${order} ${lanes}`;
}

/** The results of a record, a JSON document on each line; what is no result is passed over. */
export function readRecord(text: string): ReadonlyMap<string, Explored> {
  const known = new Map<string, Explored>();
  for (const line of text.split("\n")) {
    try {
      const entry = JSON.parse(line) as Explored;
      if (typeof entry.granularity === "string" && Number.isInteger(entry.order) && Number.isInteger(entry.lanes))
        known.set(keyOf(entry), entry);
    } catch {
      // The last line of an interrupted run may be half of one.
    }
  }
  return known;
}

/** Runs one configuration on regions; null where no region has as many orders. */
export function explore(
  model: LoadedModel,
  configuration: Configuration,
  { regions, simulate }: { readonly regions: readonly RegionSchedule[]; readonly simulate: SimulateProgramOptions },
): Explored | null {
  const { program, operands } = model;
  const stored = new Map(Object.entries(operands).map(([name, tensor]) => [name, storedTensor(tensor)]));
  const first = compileProgram(program, { schedule: { regions }, stored });
  const scheduled = scheduledRegions(first, regions, configuration);
  if (scheduled === null) return null;
  try {
    const compiled = compileProgram(program, { schedule: { regions: scheduled }, stored });
    const run = simulateProgram(compiled, operands, simulate);
    const total = (of: (region: (typeof run.regions)[number]) => number): number =>
      run.regions.reduce((sum, region) => sum + of(region), 0);
    return {
      ...configuration,
      cycles: run.cycles,
      flops: total(({ flops }) => flops),
      bytes: total(({ bytes }) => bytes),
      nodes: total(({ nodes }) => nodes),
      checked: checkModel(model, run).passed === true,
    };
  } catch (error) {
    if (!(error instanceof FuseflowError)) throw error;
    return { ...configuration, cycles: null, flops: 0, bytes: 0, nodes: 0, checked: false, reason: error.message };
  }
}

/** The regions with their nth order and lanes; null if none has that many orders. */
function scheduledRegions(
  { program, tensors }: CompiledProgram,
  regions: readonly RegionSchedule[],
  { order, lanes }: Configuration,
): readonly RegionSchedule[] | null {
  let found = order === 0;
  const scheduled = regions.map((region): RegionSchedule => {
    const fused = expandRegion(program, region);
    const partial = partialOrder(fused, tensors);
    let nth: readonly string[] | undefined;
    let at = 0;
    for (const candidate of legalOrders(partial, independenceOf(fused))) {
      if (at++ < order) continue;
      nth = candidate;
      break;
    }
    if (nth !== undefined) found = true;
    const outermost = nth?.[0];
    const inLanes = lanes > 1 && outermost !== undefined ? { parallel: [{ variable: outermost, factor: lanes }] } : {};
    return { ...region, ...(nth !== undefined && order > 0 ? { order: nth } : {}), ...inLanes };
  });
  return found ? scheduled : null;
}
