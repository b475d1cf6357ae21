/** Makes every copy of a stream explicit. */
import { broadcastOperator } from "../ops/routing/broadcast.ts";
import { Program, type ProgramNode, type Stream } from "./program.ts";

/**
 * The same program with a broadcast node wherever a stream has several readers, so that each stream has at most one.
 * Ids of nodes stay; a broadcast of output p of node n is named `n.copies` or `n.copies.p`.
 */
export function insertBroadcasts(program: Program): Program {
  const readers = countReaders(program);
  const result = new Program(program.name);
  for (const [name, type] of program.tensors) result.tensor(name, type);
  for (const name of program.symbols) result.symbol(name);
  // What is left of each stream to hand out: itself, or its copies.
  const copies = new Map<Stream, Stream[]>();
  const next = (stream: Stream): Stream => copies.get(stream)!.shift()!;
  for (const [text, extent] of program.assertions) result.assertText(text, extent);
  for (const node of program.nodes) {
    const made = result.add(node.operator, {
      id: node.id,
      inputs: node.inputs.map(next),
      attributes: node.attributes,
    });
    for (const [port, stream] of node.outputs.entries()) {
      const count = readers.get(stream) ?? 0;
      copies.set(stream, count > 1 ? broadcastOf(result, made, port, count) : [made.outputs[port]!]);
    }
  }
  for (const [id, stream] of program.feedback) result.close(id, next(stream), () => {});
  return result;
}

function countReaders(program: Program): Map<Stream, number> {
  const readers = new Map<Stream, number>();
  const streams = [...program.nodes.flatMap((node) => node.inputs), ...program.feedback.values()];
  for (const stream of streams) readers.set(stream, (readers.get(stream) ?? 0) + 1);
  return readers;
}

function broadcastOf(result: Program, node: ProgramNode, port: number, copies: number): Stream[] {
  const id = node.outputs.length === 1 ? `${node.id}.copies` : `${node.id}.copies.${port}`;
  const made = result.add(broadcastOperator, { id, inputs: [node.outputs[port]!], attributes: { copies } });
  return [...made.outputs];
}
