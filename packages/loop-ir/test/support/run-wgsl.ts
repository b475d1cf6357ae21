/** Runs shaders on an interpreter of WGSL that is not ours. */

interface WgslTools {
  readonly WgslParser: new () => { parse(text: string): unknown };
  readonly WgslExec: new (
    program: unknown,
  ) => {
    dispatchWorkgroups(entry: string, count: readonly number[], bindings: unknown): void;
  };
}

// The package's entry for Node is no module that Node can load by name, and its other one has no types.
// @ts-expect-error
const { WgslExec, WgslParser } = (await import("wgsl_reflect/wgsl_reflect.module.js")) as WgslTools;

/** What a shader of `emitWgsl` is given: arrays in the order of the nest's buffers, its scalars, and how many units. */
export interface ShaderRun {
  readonly entry: string;
  /** At most 5: the interpreter forgets to run more invocations than six. */
  readonly units: number;
  readonly scalars: readonly number[];
  readonly buffers: readonly (Int32Array | Float32Array)[];
}

/** Runs all units; the arrays are changed in place. Gives the status words: 0, or the reason and the unit that ended. */
export function runWgsl(text: string, { entry, units, scalars, buffers }: ShaderRun): Int32Array {
  const status = new Int32Array(2);
  const group = Object.fromEntries([...buffers, status].map((array, at) => [at + 1, array]));
  const uniform = Int32Array.of(units, ...scalars);
  const program = new WgslParser().parse(text);
  new WgslExec(program).dispatchWorkgroups(entry, [1, 1, 1], { 0: { 0: { uniform }, ...group } });
  return status;
}
