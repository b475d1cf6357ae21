import fc from "fast-check";
import type { SamBlock, SamEdge, SamGraph, SamTensor } from "../../src/sam/graph.ts";
import { portsOf } from "../../src/sam/ports.ts";

const index = fc.constantFrom("", "i", "j", "k0");
const tensor = fc.constantFrom("B", "C", "x");
const level = fc.nat(1);
const flag = fc.boolean();
const stream = fc.constantFrom("crd", "ref", "val", "repsig", "bv");
const kind = fc.constantFrom("dense", "compressed", "bitvector");
const ways = fc.integer({ min: 1, max: 3 });
const constant = fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Object.is(value, -0));
const optional = <T>(key: string, value: fc.Arbitrary<T>) =>
  fc.option(value, { nil: undefined }).map((v) => (v === undefined ? {} : { [key]: v }));
const whenTrue = (key: string) => flag.map((set) => (set ? { [key]: true } : {}));
const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);
const of = (type: string, fields: Record<string, fc.Arbitrary<unknown>> = {}) =>
  fc.record({ type: fc.constant(type), ...fields });

/** Blocks of every type, with any parameters that the model allows, without an id. */
const block = fc.oneof(
  of("root", { tensor }),
  merged(of("scanner", { tensor, level, index, format: kind }), whenTrue("gallop")),
  merged(of("intersect", { index, arity: ways }), whenTrue("gallop")),
  merged(of("union", { index, arity: ways }), whenTrue("gallop")),
  of("locate", { tensor, level, index, parent: flag }),
  of("repsiggen", { index }),
  of("repeat", { index, tensor, root: flag, of: fc.constantFrom("ref", "val") }),
  of("array", { tensor }),
  of("alu", { operation: fc.constantFrom("add", "sub", "mul", "div", "max", "elemmul") }),
  of("unary", { operation: fc.constantFrom("exp", "sin", "cos", "rsqrt", "sigmoid") }),
  merged(of("unary", { operation: fc.constantFrom("relu", "leakyrelu") }), optional("constant", constant)),
  of("unary", { operation: fc.constantFrom("max", "scalar-add", "scalar-mul", "scalar-div"), constant }),
  of("reduce", { operation: fc.constantFrom("add", "max", "addsum") }),
  of("spacc", { form: fc.constant("fibers"), order: fc.constant(2), indices: fc.tuple(index, index, index) }),
  of("spacc", { form: fc.constant("points"), order: fc.constant(1), indices: fc.tuple(index, index) }),
  of("spacc", { form: fc.constant("points"), order: fc.constant(2), indices: fc.tuple(index, index) }),
  of("crdhold", { outer: index, inner: index }),
  of("crddrop", { outer: index, inner: index, of: fc.constantFrom("crd", "val") }),
  ...["val-drop", "stop-drop", "empty-fiber-drop", "gen-ref", "pack-bits"].map((type) => of(type)),
  of("split", { outer: index, inner: index, width: fc.integer({ min: 1, max: 2 ** 31 - 1 }) }),
  of("mask", { outer: index, inner: index, keep: fc.constantFrom("lower", "upper", "diagonal") }),
  ...["broadcast", "fork", "join"].map((type) => of(type, { stream, ways })),
  merged(of("write-level", { tensor, level, index, format: kind, mergeEmptyFibers: flag }), whenTrue("words")),
  of("write-values", { tensor }),
);

const tensors: Readonly<Record<string, SamTensor>> = {
  B: { levels: ["compressed", "dense"], modeOrder: [1, 0] },
  C: { levels: ["dense", "bitvector"], modeOrder: [0, 1] },
  x: { levels: ["compressed", "compressed"], modeOrder: [0, 1] },
  s: { levels: [], modeOrder: [] },
};

/** Graphs of any blocks whose edges join any ports of the same kind, each port once; rarely of any use. */
export const arbitraryGraph: fc.Arbitrary<SamGraph> = fc
  .record({
    bodies: fc.array(
      merged(block as fc.Arbitrary<object>, optional("label", fc.constantFrom("a label", 'two\nlines "quoted"'))),
      { minLength: 1, maxLength: 12 },
    ),
    picks: fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 30 }),
    expression: optional("expression", fc.constant("x(i) = B(i,j) * C(i,j)")),
  })
  .map(({ bodies, picks, expression }) => {
    const blocks = bodies.map((body, number) => ({ id: `n ${number}`, ...body }) as SamBlock);
    const edges = joinPorts(blocks, picks);
    const fed = new Set(edges.map(({ to }) => `${to.block}.${to.port}`));
    // What is marked as standing below the root and is fed by nothing gets a root when it is read.
    const rooted = blocks.map((each) =>
      each.type === "repeat" ? { ...each, root: each.root && fed.has(`${each.id}.ref`) } : each,
    );
    return { name: "any graph", ...expression, tensors, blocks: rooted, edges };
  });

function joinPorts(blocks: readonly SamBlock[], picks: readonly (readonly [number, number])[]): SamEdge[] {
  const outputs = blocks.flatMap((from) =>
    portsOf(from).outputs.map(({ name, kinds }) => ({ block: from.id, port: name, kind: kinds[0] })),
  );
  const inputs = blocks.flatMap((to) =>
    portsOf(to).inputs.map(({ name, kinds }) => ({ block: to.id, port: name, kinds })),
  );
  const edges: SamEdge[] = [];
  for (const [a, b] of picks) {
    const output = outputs[a % Math.max(1, outputs.length)];
    const fitting = inputs.filter(({ kinds }) => output?.kind !== undefined && kinds.includes(output.kind));
    const input = fitting[b % Math.max(1, fitting.length)];
    if (output?.kind === undefined || input === undefined) continue;
    outputs.splice(outputs.indexOf(output), 1);
    inputs.splice(inputs.indexOf(input), 1);
    const from = { block: output.block, port: output.port };
    const to = { block: input.block, port: input.port };
    edges.push({ id: `${from.block}.${from.port}->${to.block}.${to.port}`, kind: output.kind, from, to });
  }
  return edges;
}
