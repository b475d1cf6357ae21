import { lowerExpression, simulateSam } from "@millrace/fuseflow-sparse";
import { dcsr, pack, uniformTensor } from "@millrace/tensor";

const matrix = (seed: number) => pack(uniformTensor({ shape: [64, 64], entries: 400, seed, values: "quarters" }), dcsr);

/** A sparse product by rows: cycles, the busiest block, and what happens with short queues. */
export function product(): string[] {
  const { graph } = lowerExpression("X(i,j) = B(i,k) * C(k,j)", { order: ["i", "k", "j"] });
  const operands = { B: matrix(1), C: matrix(2) };
  const { report, outputs, counts } = simulateSam(graph, operands, { profile: "comal" });
  const busiest = report.nodes.toSorted((a, b) => b.busy - a.busy)[0]!;
  const short = simulateSam(graph, operands, { profile: "sam-sync", fifo: 4, mode: "timing" }).report;
  return [
    `${report.cycles} cycles, ${counts.tokens} tokens, ${outputs.X!.values.length} values`,
    `${busiest.id} is busy for ${busiest.busy} of them`,
    `${short.cycles} cycles on one global clock, with queues of 4`,
  ];
}
