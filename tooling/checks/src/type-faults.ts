/** What is wrong with the types of a packed package, for whoever imports it as ESM: Are The Types Wrong, in this process. */
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";

// The packages are ESM alone: what resolves `require` without ESM is not promised anything.
const unpromised = new Set<string>(["node10", "node16-cjs"]);

/** The kinds of faults, each with the way of importing that has it; none if all is well. */
export async function typeFaults(tarball: string): Promise<string[]> {
  const analysis = await checkPackage(createPackageFromTarballData(readFileSync(tarball)));
  if (analysis.types === false) return ["the package has no types"];
  return analysis.problems.flatMap((problem) => {
    const resolution = "resolutionKind" in problem ? problem.resolutionKind : "any";
    return unpromised.has(resolution) ? [] : [`${problem.kind} (${resolution})`];
  });
}
