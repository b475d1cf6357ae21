/** Operating points of policies over batch sizes. */
import {
  type Hardware,
  type MoeModel,
  type OperatingPoint,
  policyNamed,
  type RoutingSource,
  runBatch,
  SieveError,
  StepSimulator,
} from "@millrace/sieve-pim";

/** A policy at one batch size. */
export interface BatchPoint extends OperatingPoint {
  readonly batch: number;
}

/** A policy over all batch sizes that fit. */
export interface PolicyFrontier {
  readonly policy: string;
  readonly points: readonly BatchPoint[];
}

/** What is run. */
export interface FrontierOptions {
  readonly model: MoeModel;
  readonly hardware: Hardware;
  readonly policies: readonly string[];
  readonly routing: RoutingSource;
  readonly prompt: number;
  readonly output: number;
  readonly replicas?: number;
  /** Told before each policy. */
  readonly begin?: (policy: string) => void;
}

/** Batches from one sequence for each GPU on, doubling. */
const LARGEST = 1024;

/** Runs every policy at every batch size that fits. */
export function frontiers(options: FrontierOptions): PolicyFrontier[] {
  const { model, hardware, policies, routing, prompt, output, replicas = 0, begin } = options;
  return policies.map((policy) => {
    begin?.(policy);
    const simulator = new StepSimulator({ model, hardware, policy: policyNamed(policy), routing, replicas });
    const points: BatchPoint[] = [];
    for (let batch = 1; batch <= LARGEST; batch *= 2) {
      const point = pointAt(simulator, {
        batch,
        promptTokens: prompt,
        outputTokens: output,
        sampledSteps: 2,
        tokenBudget: 1,
      });
      if (point === null) break;
      points.push({ batch, ...point });
    }
    return { policy, points };
  });
}

function pointAt(simulator: StepSimulator, options: Parameters<typeof runBatch>[1]): OperatingPoint | null {
  try {
    const { throughput, interactivity } = runBatch(simulator, options);
    return { throughput, interactivity };
  } catch (error) {
    if (error instanceof SieveError && error.code === "capacity") return null;
    throw error;
  }
}
