import { compileKernel, unitWork, verify } from "@millrace/sparse-partitioner";
import { csr, pack, uniformTensor, unpack } from "@millrace/tensor";

/** Adds four matrices in one pass, divided among 64 units. */
export async function addFour(): Promise<string[]> {
  const matrix = (seed: number) => pack(uniformTensor({ shape: [500, 400], entries: 2000, seed }), csr);
  const operands = { B: matrix(1), C: matrix(2), D: matrix(3), E: matrix(4) };
  const kernel = compileKernel("A(i,j) = B(i,j) + C(i,j) + D(i,j) + E(i,j)", { operands, resultFormat: csr });
  const { result, statistics, stages } = await kernel.run({ units: 64, statistics: true });
  const [phase] = stages[0]!.plan!.phases;
  return [
    `${statistics!.work} work, at most ${statistics!.bound} a unit`,
    `recounted: ${verify(phase!.plan).holds}, ${Math.max(...unitWork(phase!.plan))} at most`,
    `${unpack(result).values.length} entries`,
  ];
}
