/** Requests that are dealt to regions in turn, and what must hold for regions to take them in another order. */
import type { Program, ProgramNode, Stream } from "../program/program.ts";
import { rankOf } from "../stream/shape.ts";
import { refused } from "./pass.ts";

/** The parallelize nodes that deal out the parts of the same requests: as many groups to as many ways. */
export function dealtWays(program: Program): readonly ProgramNode[] {
  const all = program.nodes.filter(({ operator }) => operator.name === "parallelize");
  const [first] = all;
  if (first === undefined) return [];
  const kind = (node: ProgramNode): string =>
    `${String(node.attributes.ways)} of ${program.typeOf(node.inputs[0]!).shape[0]!.extent.text}`;
  return all.filter((node) => kind(node) === kind(first));
}

/** The ways on which each stream depends, as numbers of regions. */
export function waysOf(program: Program, dealers: readonly ProgramNode[]): ReadonlyMap<Stream, ReadonlySet<number>> {
  const ways = new Map<Stream, ReadonlySet<number>>();
  for (const node of program.nodes) {
    if (dealers.includes(node)) {
      for (const [way, stream] of node.outputs.entries()) ways.set(stream, new Set([way]));
      continue;
    }
    const all = new Set(node.inputs.flatMap((stream) => [...(ways.get(stream) ?? [])]));
    for (const stream of node.outputs) ways.set(stream, all);
  }
  return ways;
}

/** What forbids another order, if anything does. */
export function faultOfWays(program: Program, dealers: readonly ProgramNode[]): string | undefined {
  if (dealers.some(({ inputs, attributes }) => rankOf(inputs[0]!.shape) !== Number(attributes.rank))) {
    return "it deals groups of several outer dimensions: flatten them to one first";
  }
  const ways = waysOf(program, dealers);
  for (const node of program.nodes) {
    if (dealers.includes(node)) continue;
    const joined = new Set(node.inputs.flatMap((stream) => [...(ways.get(stream) ?? [])]));
    if (joined.size > 1)
      return `"${node.id}" joins several regions, and what it gives depends on who serves which request`;
    if (joined.size === 1 && node.operator.name === "output")
      return `"${node.id}" hands out the requests of one region`;
    if (joined.size === 1 && node.operator.name === "linear-store")
      return `"${node.id}" stores results in the order of their region; store by address instead`;
  }
  return undefined;
}

/**
 * For each region the stream whose end of group says that it is ready for the next request: the load named `prefix` and the
 * number of the region, or the first load that depends on that region alone and has several tiles per request.
 *
 * @throws {StepError} `pass-refused` if a region has none.
 */
export function readyStreams(
  program: Program,
  dealers: readonly ProgramNode[],
  prefix: string | undefined,
): readonly Stream[] {
  const count = dealers[0]!.outputs.length;
  const ways = waysOf(program, dealers);
  const loads = program.nodes.filter(
    ({ operator, outputs }) => operator.name.endsWith("-load") && rankOf(outputs[0]!.shape) > 0,
  );
  return Array.from({ length: count }, (_, way) => {
    const own = loads.filter(({ outputs }) => [...(ways.get(outputs[0]!) ?? [])].join() === String(way));
    const load = prefix === undefined ? own[0] : own.find(({ id }) => id === `${prefix}${way}`);
    if (load !== undefined) return load.outputs[0]!;
    const text = prefix === undefined ? "no load tells when it is ready" : `it has no load named '${prefix}${way}'`;
    throw refused("dynamic-parallelize", [{ nodes: [`region ${way}`], text }], "");
  });
}
