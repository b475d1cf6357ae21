/** The engine that `--target` names, on this machine's threads and compiler. */
import { findCompiler, nodeHost, WorkerPool } from "@millrace/loop-ir";
import { cEngine, type Engine, interpreterEngine, wasmEngine } from "@millrace/sparse-partitioner";

/** Targets by name. */
export type TargetName = "wasm" | "c" | "interpreter";

/** How an engine is made. */
export interface EngineChoice {
  readonly target: TargetName;
  /** Threads; as many as processors unless given. */
  readonly workers: number | undefined;
  readonly units: number;
  /** Let sums be reordered and fused with products; the interpreter never does. */
  readonly fast: boolean;
  /** Told in one line when another target has to do. */
  note(line: string): void;
}

/** An engine and what ends its threads. */
export interface OpenEngine {
  readonly engine: Engine;
  close(): void;
}

/** Opens the engine; without a C compiler `c` becomes `wasm`, and a line says so. */
export function openEngine({ target, workers, units, fast, note }: EngineChoice): OpenEngine {
  if (target === "interpreter") return { engine: interpreterEngine, close: () => {} };
  const host = nodeHost(process);
  const threads = workers ?? Math.min(host.processors, units);
  const pool = threads > 1 ? new WorkerPool(host, { workers: threads }) : undefined;
  const options = pool === undefined ? { fast } : { pool, fast };
  const compiles = target === "c" && findCompiler(host) !== undefined;
  if (target === "c" && !compiles)
    note(`note: no C compiler was found (tried ${host.compilers.join(", ")}); using wasm`);
  const engine = compiles ? cEngine(host, options) : wasmEngine(options);
  return { engine, close: () => pool?.close() };
}
