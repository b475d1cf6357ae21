// The peers that this machine has, built and asked: Eigen, SuiteSparse:GraphBLAS, scipy.sparse, and plain loops.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));

/** Programs to call, each with its leading arguments. */
export function findPeers(folder) {
  const programs = [];
  const compiler = process.env.CXX ?? "c++";
  const binary = join(folder, "peers");
  for (const libraries of [["-lgraphblas"], []]) {
    const flags = ["-O3", "-march=native", "-std=c++17", here("./peers.cpp"), "-o", binary, ...libraries];
    if (spawnSync(compiler, flags).status !== 0) continue;
    programs.push([binary]);
    break;
  }
  if (spawnSync("python3", ["-c", "import scipy.sparse"]).status === 0) programs.push(["python3", here("./peers.py")]);
  return programs;
}

/** CPU milliseconds of each peer by name; `triad`, where it is among them, is the rate of memory and no peer. */
export function askPeers(programs, { kernel, files, budget }) {
  const found = {};
  for (const [program, ...given] of programs) {
    const options = { encoding: "utf8", env: { ...process.env, OMP_NUM_THREADS: "1" } };
    const { stdout, status } = spawnSync(program, [...given, kernel, String(budget), ...files], options);
    if (status !== 0) continue;
    for (const [, name, ms] of stdout.matchAll(/(\S+) (\d+\.\d+)/g)) found[name] = Number(ms);
  }
  return found;
}

/** The least time of each name in two answers. */
export function leastOfEach(one, other) {
  const names = [...Object.keys(one), ...Object.keys(other).filter((name) => !(name in one))];
  return Object.fromEntries(names.map((name) => [name, Math.min(one[name] ?? other[name], other[name] ?? one[name])]));
}

/** The peers of an answer, and the best of them. */
export function ranked({ triad, ...peers }) {
  // Plain loops are no library: they count only where there is none.
  const libraries = Object.entries(peers).filter(([name]) => !name.endsWith("-loop"));
  const best = Math.min(...(libraries.length > 0 ? libraries : Object.entries(peers)).map(([, ms]) => ms));
  return { peers, best };
}
