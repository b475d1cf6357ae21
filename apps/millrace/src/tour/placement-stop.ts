/** The stop of the tour that schedules experts: one decode step of 64 tokens in a layer of Qwen3-30B-A3B, under five policies. */
import {
  type Contention,
  expertOnPim,
  type Hardware,
  hardwareNamed,
  type LayerSchedule,
  LogNormalRouter,
  modelNamed,
  PimTokenTimes,
  policyNamed,
  popularityOf,
  scheduleLayer,
  streamCycles,
} from "@millrace/sieve-pim";

const policies = ["gpu-only", "pim-all", "gemv-static", "static-4", "sieve"] as const;
const contentions = ["disjoint", "exclusive", "dual-row-buffer"] as const;

/** Tokens of the step, and the seed with which it is loaded most like a recorded one. */
export const EXPERT_TOKENS = 64;
const SEED = 12213;

/** One policy. */
export interface PlacementRun {
  readonly policy: string;
  readonly schedules: Readonly<Record<(typeof contentions)[number], LayerSchedule>>;
  readonly compared: number;
  readonly differing: number;
}

/** What the stop shows. */
export const placementAbout =
  "The experts of one layer of Qwen3-30B-A3B for a decode step of 64 tokens on one H200: each token goes to 8 of 128 experts, so few experts get many tokens and many get few or none. Reading an expert's weights costs the GPU the same however many tokens it has; in memory that computes, every token reads them again, but from all banks at once. Where the PIM units have stacks of their own, both work at once; otherwise one waits for the other. The step is drawn to be loaded like a recorded one. Checked: no policy beats the lower bound or the exact optimum, and PIM's time command by command is that of its formula.";

/** Runs the policies; `begin` is told before each. */
export function runPlacements(begin: (policy: string) => void): readonly PlacementRun[] {
  const model = modelNamed("qwen3-30b-a3b");
  const counts = new Uint32Array(model.experts);
  new LogNormalRouter({ ...model, popularity: popularityOf(model), seed: SEED }).draw(EXPERT_TOKENS, counts);
  const machine = (contention: Contention): Hardware => hardwareNamed("h200", { gpus: 1, contention });
  const schedule = (name: string, contention: Contention): LayerSchedule =>
    scheduleLayer({ model, counts, hardware: machine(contention), policy: policyNamed(name) });
  const best = Object.fromEntries(contentions.map((each) => [each, schedule("oracle", each)]));
  return policies.map((policy) => {
    begin(policy);
    const schedules = Object.fromEntries(
      contentions.map((each) => [each, schedule(policy, each)]),
    ) as PlacementRun["schedules"];
    const wrong = contentions.map((each) => {
      const { layerNs, lowerBoundNs, onPim } = schedules[each];
      const beaten = layerNs < lowerBoundNs || layerNs < best[each]!.layerNs - 1e-6;
      return [
        beaten,
        !timesAgree(
          machine(each),
          onPim.reduce((sum, expert) => sum + counts[expert]!, 0),
        ),
      ];
    });
    const all = wrong.flat();
    return { policy, schedules, compared: all.length, differing: all.filter((one) => one).length };
  });
}

/** Whether so many tokens take as long command by command as the formula says, refreshing aside. */
function timesAgree(hardware: Hardware, tokens: number): boolean {
  const { shapes, timing } = expertOnPim(modelNamed("qwen3-30b-a3b"), hardware);
  if (tokens === 0) return true;
  const products = Array.from({ length: tokens }, () => [shapes.gateUp, shapes.down]).flat();
  return new PimTokenTimes(shapes, timing, false).cycles(tokens) === streamCycles(products, timing);
}
