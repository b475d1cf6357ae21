import { readdirSync, truncateSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compileC, findCompiler, type Kernel, KernelCompiler, type Nest, NestBuilder } from "../../src/index.ts";
import { testHost } from "../support/host.ts";

/** `y[unit] = unit + addend`. */
function addNest(addend: number): Nest {
  const b = new NestBuilder("adds");
  const y = b.buffer("y", "i32", { access: "write" });
  b.store(y, b.unit, b.add(b.unit, addend));
  return b.finish();
}

function resultOf(kernel: Kernel): number[] {
  const y = new Int32Array(3);
  kernel.bind({ y }).run({ units: 3 });
  return [...y];
}

const host = testHost();
const compiler = findCompiler(host);

describe.runIf(compiler !== undefined)("native modules", () => {
  it("are built once, then served from the cache", () => {
    const [first] = compileC([addNest(5)], host);
    const [again] = compileC([addNest(5)], host);
    expect([first!.module.cached, again!.module.cached]).toEqual([false, true]);
    expect([resultOf(first!), resultOf(again!)]).toEqual([
      [5, 6, 7],
      [5, 6, 7],
    ]);
    expect(readdirSync(host.cacheFolder).filter((name) => /part|\.c$/.test(name))).toEqual([]);
  });

  it("hold several nests", () => {
    expect(compileC([addNest(1), addNest(2)], host).map(resultOf)).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
  });

  it.each([
    ["cut short", (path: string) => truncateSync(path, 100)],
    ["overwritten", (path: string) => writeFileSync(path, "not a module")],
  ])("are built again when their file was %s", (how, damage) => {
    const other = testHost();
    const nest = addNest(how.length);
    const { path } = other.cacheFolder === "" ? { path: "" } : { path: other.cacheFolder };
    const donor = compileC([nest], host)[0]!.module.path;
    const name = donor.slice(host.cacheFolder.length + 1);
    // A module must not be damaged while it is mapped, so an entry that was never loaded is.
    writeFileSync(`${path}/${name}`, host.read(donor)!);
    writeFileSync(`${path}/${name.replace(".node", ".sum")}`, host.digest(host.read(donor)!));
    damage(`${path}/${name}`);
    const [kernel] = compileC([nest], other);
    expect(kernel!.module.cached).toBe(false);
    expect(resultOf(kernel!)).toEqual([how.length, how.length + 1, how.length + 2]);
  });

  it("leave the cache, oldest first, when it is full", () => {
    const small = testHost({ cacheBytes: 40_000 });
    for (let addend = 0; addend < 4; addend++) compileC([addNest(addend)], small);
    const files = small.list();
    expect(files.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(60_000);
    expect(compileC([addNest(3)], small)[0]!.module.cached).toBe(true);
  });

  it("report what a compiler says when it refuses", () => {
    const refusing = testHost({ compilers: ["false", "cc"] });
    expect(findCompiler(refusing)?.program).toBe("cc");
    const broken = {
      ...refusing,
      run: (program: string, options: readonly string[]) =>
        options[0] === "--version" ? refusing.run(program, options) : { status: 1, output: "no space" },
    };
    expect(() => compileC([addNest(9)], broken)).toThrow("cc ended with status 1: no space");
  });
});

describe("without a C compiler", () => {
  const none = testHost({ compilers: ["no-such-compiler"] });

  it("kernels run as WebAssembly, and one line says so", () => {
    const lines: string[] = [];
    const kernels = new KernelCompiler({ host: none, say: (line) => lines.push(line) });
    expect(kernels.target).toBe("wasm");
    expect(kernels.compile([addNest(1), addNest(2)]).map(resultOf)).toEqual([
      [1, 2, 3],
      [2, 3, 4],
    ]);
    expect(lines).toEqual(["no C compiler was found (tried no-such-compiler): kernels run as WebAssembly"]);
  });

  it("asking for C is refused", () => {
    expect(() => compileC([addNest(1)], none)).toThrow("no C compiler was found (tried no-such-compiler)");
    expect(() => new KernelCompiler({ host: none, target: "c" }).compile([addNest(1)])).toThrow("no C compiler");
  });

  it("one that answers but cannot compile counts as none", () => {
    const host = testHost({ compilers: ["cc"] });
    const run = (_program: string, options: readonly string[]) =>
      options[0] === "--version" ? { status: 0, output: "cc 12" } : { status: 1, output: "cannot execute 'as'" };
    expect(new KernelCompiler({ host: { ...host, run }, say: () => {} }).target).toBe("wasm");
  });

  it.each(["interpreter", "wasm"] as const)("the %s needs no host", (target) => {
    const kernels = new KernelCompiler({ target });
    expect(kernels.compile([addNest(4)]).map(resultOf)).toEqual([[4, 5, 6]]);
  });
});
