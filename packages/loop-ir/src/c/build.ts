import { LoopError } from "../errors.ts";
import type { NativeHost } from "../host/host.ts";

/** A C compiler that was found. */
export interface CCompiler {
  /** What is called. */
  readonly program: string;
  /** The first line of what it says about itself. */
  readonly version: string;
}

/** A module that was built, or found in the cache. */
export interface BuiltModule {
  /** `bind_0`, `run_0`, `bind_1`, … for the nests in it. */
  readonly exports: Readonly<Record<string, unknown>>;
  readonly path: string;
  /** Whether it was in the cache. */
  readonly cached: boolean;
}

/**
 * The first of the host's compilers that works; undefined if none does. One that is only half installed, without an assembler
 * or the headers of the system, answers but does not work: that is tried once per machine.
 */
export function findCompiler(host: NativeHost): CCompiler | undefined {
  for (const program of host.compilers) {
    const { status, output } = host.run(program, ["--version"]);
    const compiler = { program, version: output.split("\n")[0] ?? "" };
    if (status === 0 && compiles(host, compiler)) return compiler;
  }
  return undefined;
}

function compiles(host: NativeHost, { program, version }: CCompiler): boolean {
  const name = `${host.digest(["works", program, version, host.machine].join("\0")).slice(0, 40)}.sum`;
  if (host.read(`${host.cacheFolder}/${name}`) !== undefined) return true;
  const text = "#include <math.h>\n#include <stdint.h>\ndouble root(double x) { return sqrt(x); }\n";
  const built = attempt(() => compile(host, { program, version }, { text, flags: defaultFlags }));
  if (built === undefined) return false;
  host.remove(built);
  host.write(name, "");
  return true;
}

/**
 * Flags in place of others, for compilers that refuse `-march=native` or fail inside at `-O3`: each step is tried when the
 * one before it failed.
 */
const retreats: readonly Readonly<Record<string, string>>[] = [
  {},
  { "-O3": "-O1" },
  { "-O3": "-O0", "-march=native": "-O0" },
];

/** No reordering, no contraction, no faults from errno; as fast as that allows on this machine. */
export const defaultFlags: readonly string[] = [
  "-O3",
  "-march=native",
  "-std=gnu11",
  "-ffp-contract=off",
  "-fno-math-errno",
  "-fno-trapping-math",
  "-fno-semantic-interposition",
  "-fvisibility=hidden",
  "-w",
];

/**
 * As {@link defaultFlags}, but products and sums may be rounded once. Sums are reordered in the nest, where that pays: left
 * to the compiler, short sums over scattered entries become several times slower.
 */
export const fastFlags: readonly string[] = [
  ...defaultFlags.filter((flag) => flag !== "-ffp-contract=off"),
  "-ffp-contract=fast",
];

/**
 * Compiles C text into a Node module and loads it; the same text, compiler and flags are compiled once per machine. An
 * entry of the cache that is not what was written there is built again.
 *
 * @throws {LoopError} `compiler` if the compiler refuses the text or the module cannot be loaded.
 */
export function buildModule(
  host: NativeHost,
  compiler: CCompiler,
  { text, flags }: { readonly text: string; readonly flags: readonly string[] },
): BuiltModule {
  const key = host.digest([text, compiler.program, compiler.version, host.machine, ...flags].join("\0")).slice(0, 40);
  const path = `${host.cacheFolder}/${key}.node`;
  const sum = host.read(`${host.cacheFolder}/${key}.sum`);
  const kept = sum === undefined ? undefined : host.read(path);
  if (sum !== undefined && kept !== undefined && host.digest(kept) === new TextDecoder().decode(sum)) {
    const exports = attempt(() => host.load(path));
    if (exports !== undefined) return { exports, path, cached: true };
  }
  host.remove(path);
  const built = compile(host, compiler, { text, flags });
  try {
    host.move(built, `${key}.node`);
    host.write(`${key}.sum`, host.digest(host.read(path) ?? ""));
  } finally {
    host.remove(built);
  }
  prune(host, [path, `${host.cacheFolder}/${key}.sum`]);
  return { exports: loaded(host, path), path, cached: false };
}

function compile(
  host: NativeHost,
  { program }: CCompiler,
  { text, flags }: { readonly text: string; readonly flags: readonly string[] },
): string {
  const source = host.temporary(".c");
  const built = host.temporary(".part");
  host.write(source.slice(host.cacheFolder.length + 1), text);
  const undefinedSymbols = host.machine.startsWith("darwin") ? ["-undefined", "dynamic_lookup"] : [];
  const rest = [...undefinedSymbols, "-shared", "-fPIC", "-o", built, source, "-lm"];
  try {
    const attempts = retreats.map(
      (retreat) => () => host.run(program, [...flags.map((flag) => retreat[flag] ?? flag), ...rest]),
    );
    const [first, ...others] = attempts;
    const failed = first?.();
    if (failed?.status === 0 || others.some((attempt) => attempt().status === 0)) return built;
    host.remove(built);
    const said = failed?.output.trim().slice(0, 2000);
    throw new LoopError("compiler", `${program} ended with status ${failed?.status ?? "none"}: ${said}`);
  } finally {
    host.remove(source);
  }
}

function loaded(host: NativeHost, path: string): BuiltModule["exports"] {
  try {
    return host.load(path);
  } catch (cause) {
    throw new LoopError("compiler", `${path} was built but cannot be loaded`, { cause });
  }
}

function attempt<T>(body: () => T): T | undefined {
  try {
    return body();
  } catch {
    return undefined;
  }
}

/** Removes the oldest modules while there are too many bytes, but never those in `keep`. */
function prune(host: NativeHost, keep: readonly string[]): void {
  const files = host.list();
  let bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  for (const file of files) {
    if (bytes <= host.cacheBytes) return;
    if (keep.includes(file.path)) continue;
    host.remove(file.path);
    bytes -= file.bytes;
  }
}
