/** Fits the efficiencies of a roofline to measured kernels. */
import type { KernelEfficiency } from "../hardware/hardware.ts";
import type { KernelSeries } from "./kernel-table.ts";

/** The kernel that was measured. */
export interface MeasuredKernel {
  readonly experts: number;
  readonly topK: number;
  readonly expertBytes: number;
  readonly flopsPerToken: number;
  readonly memoryBytesPerNs: number;
  readonly flopsPerNs: number;
}

/** What fits best, and how well. */
export interface KernelFit extends KernelEfficiency {
  /** Mean over the points of |fitted - measured| / measured. */
  readonly meanError: number;
}

/** Time of a balanced layer by the roofline: each GPU has an equal share of experts and slots. */
export function balancedNs(
  kernel: MeasuredKernel,
  efficiency: KernelEfficiency,
  load: { readonly tokens: number; readonly ranks: number },
): number {
  const own = kernel.experts / load.ranks;
  const slots = (load.tokens * kernel.topK) / load.ranks;
  const active = Math.min(own, Math.max(1, Math.ceil(slots)));
  const each = Math.max(1, slots / active);
  const read = (active * kernel.expertBytes) / (efficiency.memoryFraction * kernel.memoryBytesPerNs);
  const rows = active * Math.ceil(each / efficiency.tileRows) * efficiency.tileRows;
  const computed = (rows * kernel.flopsPerToken) / (efficiency.flopFraction * kernel.flopsPerNs);
  return efficiency.fixedNs + Math.max(read, computed);
}

const tileRows = [16, 32, 64, 128];
const fractions = Array.from({ length: 20 }, (_, at) => (at + 1) / 20);

/**
 * The efficiencies with the least mean error over `series`, from a grid: fixed time in steps of 2 us, shares in steps of
 * 1/20, tiles of 16 to 128 rows. `undefined` where there is nothing to fit to.
 */
export function fitKernel(kernel: MeasuredKernel, series: readonly KernelSeries[]): KernelFit | undefined {
  const points = series.flatMap(({ tokens, ns, ranks }) => tokens.map((t, at) => ({ tokens: t, ranks, ns: ns[at]! })));
  if (points.length === 0) return undefined;
  let best: KernelFit | undefined;
  const most = Math.min(...points.map(({ ns }) => ns));
  const consider = (efficiency: KernelEfficiency): void => {
    let sum = 0;
    const worst = (best?.meanError ?? Number.POSITIVE_INFINITY) * points.length;
    for (const point of points) {
      sum += Math.abs(balancedNs(kernel, efficiency, point) / point.ns - 1);
      if (sum >= worst) return;
    }
    best = { ...efficiency, meanError: sum / points.length };
  };
  for (let fixedNs = 2000; fixedNs <= Math.max(2000, Math.min(most, 60_000)); fixedNs += 2000) {
    for (const rows of tileRows) {
      // The two shares decide at different numbers of tokens: one after the other, twice, is enough.
      let memoryFraction = 0.8;
      let flopFraction = 0.4;
      for (let round = 0; round < 2; round++) {
        memoryFraction = bestShare(memoryFraction, (share) => ({
          fixedNs,
          tileRows: rows,
          memoryFraction: share,
          flopFraction,
        }));
        flopFraction = bestShare(flopFraction, (share) => ({
          fixedNs,
          tileRows: rows,
          memoryFraction,
          flopFraction: share,
        }));
      }
      consider({ fixedNs, tileRows: rows, memoryFraction, flopFraction });
    }
  }
  return best;

  function bestShare(start: number, of: (share: number) => KernelEfficiency): number {
    let found = start;
    let least = Number.POSITIVE_INFINITY;
    for (const share of fractions) {
      const efficiency = of(share);
      let sum = 0;
      for (const point of points) sum += Math.abs(balancedNs(kernel, efficiency, point) / point.ns - 1);
      if (sum >= least) continue;
      least = sum;
      found = share;
    }
    return found;
  }
}
