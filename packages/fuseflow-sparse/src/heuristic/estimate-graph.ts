/**
 * Expected work of a SAM graph without running it: every stream is followed as the number of its tokens, with histograms of
 * coordinates and positions taken from the operands' arrays.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 7. The paper takes one density for each variable; here
 * coordinates keep their histograms, so that the rows that a graph visits often count as often.
 */
import { withoutBroadcasts } from "../sam/connect-blocks.ts";
import type { SamBlock, SamGraph } from "../sam/graph.ts";
import { orderBlocks, wiringOf } from "../sam/validate/wiring.ts";
import { numbersOf } from "../simulate/count-work.ts";
import { timeOfTiles } from "../timing/tile-timing.ts";
import { accumulateFlow, joinFlow, repeatFlow, stepsOf } from "./estimate-blocks.ts";
import { countOf, type Flow, fibersOf, lengthOf, scaledFlow } from "./flow.ts";
import { levelExtent, scanFlow, type TensorModel } from "./level-model.ts";

/** What a graph is expected to do. */
export interface GraphEstimate {
  /** Operations of ALUs, reducers and accumulators. */
  readonly flops: number;
  /** Elements of 4 bytes that are read and written. */
  readonly bytes: number;
  /** Steps of the busiest block: what a pipeline comes to. */
  readonly cycles: number;
  /** The busiest block. */
  readonly busiest: string;
  /** The tensors written. */
  readonly results: ReadonlyMap<string, TensorModel>;
}

const ELEMENT_BYTES = 4;

/** Estimates `graph` on tensors of which models are given. */
export function estimateGraph(graph: SamGraph, models: ReadonlyMap<string, TensorModel>): GraphEstimate {
  const { blocks, connections } = withoutBroadcasts(graph);
  const edges = connections.map((connection, at) => ({ ...connection, id: `${at}` }));
  const feeds = new Map<string, string>();
  for (const { from, to } of connections) feeds.set(`${to.block}.${to.port}`, `${from.block}.${from.port}`);
  const estimator = new Estimator(models, feeds);
  for (const block of orderBlocks(wiringOf({ ...graph, blocks, edges })).order) estimator.visit(block);
  return estimator.result();
}

class Estimator {
  readonly #models: ReadonlyMap<string, TensorModel>;
  readonly #feeds: ReadonlyMap<string, string>;
  readonly #flows = new Map<string, Flow>();
  readonly #written = new Map<string, Map<number, { readonly flow: Flow; readonly dense: boolean }>>();
  #flops = 0;
  #elements = 0;
  #most = 0;
  #busiest = "";

  constructor(models: ReadonlyMap<string, TensorModel>, feeds: ReadonlyMap<string, string>) {
    this.#models = models;
    this.#feeds = feeds;
  }

  result(): GraphEstimate {
    const results = new Map<string, TensorModel>();
    for (const [tensor, levels] of this.#written) {
      const ordered = [...levels].sort(([a], [b]) => a - b).map(([, level]) => level);
      const sizes = ordered.map(({ flow }) => flow.histogram?.length ?? 0);
      const chances = ordered.map(({ flow, dense }) => {
        const fibers = fibersOf(flow);
        return dense || fibers === 0 ? null : (flow.histogram?.map((count) => count / fibers) ?? new Float64Array(0));
      });
      results.set(tensor, { kind: "expected", levels: chances, sizes });
    }
    const bytes = ELEMENT_BYTES * this.#elements;
    return { flops: this.#flops, bytes, cycles: this.#most, busiest: this.#busiest, results };
  }

  #in(block: SamBlock, port: string): Flow {
    return this.#flows.get(this.#feeds.get(`${block.id}.${port}`) ?? "") ?? { levels: [] };
  }

  #put(block: SamBlock, port: string, flow: Flow): void {
    this.#flows.set(`${block.id}.${port}`, flow);
  }

  #takes(block: SamBlock, steps: number): void {
    if (steps <= this.#most) return;
    this.#most = steps;
    this.#busiest = block.id;
  }

  visit(block: SamBlock): void {
    switch (block.type) {
      case "root":
        this.#put(block, "ref", { levels: [], visits: Float64Array.of(1), coordinates: Int32Array.of(0) });
        return;
      case "scanner": {
        const { crd, ref } = scanFlow(this.#models.get(block.tensor)!, block.level, this.#in(block, "ref"));
        this.#put(block, "crd", crd);
        this.#put(block, "ref", ref);
        this.#elements += block.format === "compressed" ? countOf(crd) : 0;
        this.#takes(block, lengthOf(crd));
        return;
      }
      case "intersect":
      case "union":
        this.#join(block);
        return;
      case "locate":
        this.#locate(block);
        return;
      case "repeat": {
        const flow = repeatFlow(this.#in(block, "ref"), this.#in(block, "repsig"));
        this.#put(block, "ref", flow);
        this.#takes(block, lengthOf(flow));
        return;
      }
      case "spacc":
        this.#accumulate(block);
        return;
      case "reduce":
        this.#reduce(block);
        return;
      case "write-level":
      case "write-values":
        this.#write(block);
        return;
      default:
        this.#pass(block);
    }
  }

  #join(block: Extract<SamBlock, { readonly type: "intersect" | "union" }>): void {
    const operands = Array.from({ length: block.arity }, (_, at) => ({
      crd: this.#in(block, `crd${at}`),
      ref: this.#in(block, `ref${at}`),
    }));
    const { crd, refs, steps } = joinFlow(block.type, operands);
    this.#put(block, "crd", crd);
    for (const [at, ref] of refs.entries()) this.#put(block, `ref${at}`, ref);
    this.#takes(block, steps);
  }

  #locate(block: Extract<SamBlock, { readonly type: "locate" }>): void {
    const [crd, ref] = [this.#in(block, "crd"), this.#in(block, "ref")];
    const { levels, histogram } = crd;
    const size = levelExtent(this.#models.get(block.tensor)!, block.level);
    const coordinates = Int32Array.from({ length: size }, (_, c) => c);
    const known = !block.parent && histogram !== undefined ? { visits: histogram, coordinates } : {};
    this.#put(block, "crd", crd);
    this.#put(block, "ref0", { levels, ...known });
    this.#put(block, "ref1", ref);
    this.#takes(block, lengthOf(crd));
  }

  #accumulate(block: Extract<SamBlock, { readonly type: "spacc" }>): void {
    const { order, form } = block;
    const val = this.#in(block, "val");
    this.#flops += countOf(val) * numbersOf(block);
    this.#takes(block, lengthOf(val));
    const crds = Array.from({ length: order }, (_, at) => this.#in(block, `crd${at}`)).toReversed();
    // Points without stops are sorted, not summed: there are as many of them after as before.
    const loop = form === "fibers" ? this.#in(block, `crd${order}`) : { levels: [1, countOf(val)] };
    const result = form === "fibers" ? accumulateFlow(crds, loop) : sortedFlow(crds, countOf(val));
    for (const [at, crd] of result.crds.entries()) this.#put(block, `crd${order - 1 - at}`, crd);
    this.#put(block, "val", result.val);
  }

  #reduce(block: SamBlock): void {
    const val = this.#in(block, "val");
    this.#flops += countOf(val) * numbersOf(block);
    this.#put(block, "val", { levels: val.levels.slice(0, -1) });
    this.#takes(block, lengthOf(val));
  }

  #write(block: Extract<SamBlock, { readonly type: "write-level" | "write-values" }>): void {
    if (block.type === "write-values") {
      const val = this.#in(block, "val");
      this.#elements += countOf(val) * numbersOf(block);
      this.#takes(block, countOf(val));
      return;
    }
    const flow = this.#in(block, "crd");
    const dense = block.format === "dense";
    this.#elements += dense ? 0 : countOf(flow);
    this.#takes(block, lengthOf(flow));
    const levels = this.#written.get(block.tensor) ?? new Map<number, { flow: Flow; dense: boolean }>();
    levels.set(block.level, { flow, dense });
    this.#written.set(block.tensor, levels);
  }

  /** Blocks that give as many tokens as they take. */
  #pass(block: SamBlock): void {
    switch (block.type) {
      case "repsiggen":
        this.#put(block, "repsig", this.#in(block, "crd"));
        break;
      case "array":
        this.#put(block, "val", { levels: this.#in(block, "ref").levels });
        this.#elements += countOf(this.#in(block, "ref")) * numbersOf(block);
        break;
      case "alu":
        this.#put(block, "val", { levels: this.#in(block, "val0").levels });
        this.#flops += countOf(this.#in(block, "val0")) * numbersOf(block);
        break;
      case "unary":
        this.#put(block, "val", this.#in(block, "val"));
        this.#flops += countOf(this.#in(block, "val")) * numbersOf(block);
        break;
      case "crdhold":
        this.#put(block, "outer", { ...this.#in(block, "outer"), levels: this.#in(block, "inner").levels });
        this.#put(block, "inner", this.#in(block, "inner"));
        break;
      case "fork":
        for (let lane = 0; lane < block.ways; lane++)
          this.#put(block, `out${lane}`, scaledFlow(this.#in(block, "in"), 1 / block.ways));
        break;
      case "join":
        this.#put(block, "out", this.#gathered(block));
        break;
      default:
        this.#put(block, "out", this.#in(block, "in"));
    }
    const ports = block.type === "alu" ? ["val0"] : ["crd", "ref", "val", "in", "in0", "inner"];
    const inputs = ports.flatMap((port) => (this.#feeds.has(`${block.id}.${port}`) ? [this.#in(block, port)] : []));
    this.#takes(block, stepsOf(inputs) * timeOfTiles(block).interval);
  }

  #gathered(block: Extract<SamBlock, { readonly type: "join" }>): Flow {
    const lane = this.#in(block, "in0");
    const total = Array.from({ length: block.ways }, (_, at) => countOf(this.#in(block, `in${at}`))).reduce(
      (a, b) => a + b,
      0,
    );
    const count = countOf(lane);
    return scaledFlow(lane, count === 0 ? 1 : total / count);
  }
}

function sortedFlow(crds: readonly Flow[], count: number): { readonly crds: readonly Flow[]; readonly val: Flow } {
  let levels: readonly number[] = [];
  const sorted = crds.map((crd, at): Flow => {
    const size = crd.histogram?.length ?? 0;
    const here = at === crds.length - 1 ? count : Math.min(count, countOf({ levels }) * size);
    levels = [...levels, here];
    const total = crd.histogram?.reduce((sum, value) => sum + value, 0) ?? 0;
    const histogram = crd.histogram?.map((value) => (total === 0 ? 0 : (value / total) * here));
    return { levels, ...(histogram && { histogram }) };
  });
  return { crds: sorted, val: { levels } };
}
