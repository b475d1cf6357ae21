import type { Program, ProgramNode, Stream } from "../program/program.ts";

/** The nodes that read each stream, with feedback; a stream that nobody reads has none. */
export function readersOf(program: Program): (stream: Stream) => readonly ProgramNode[] {
  const readers = new Map<Stream, ProgramNode[]>();
  const note = (stream: Stream, node: ProgramNode): void => {
    const list = readers.get(stream);
    if (list === undefined) readers.set(stream, [node]);
    else list.push(node);
  };
  for (const node of program.nodes) for (const stream of node.inputs) note(stream, node);
  for (const [id, stream] of program.feedback) note(stream, program.node(id)!);
  return (stream) => readers.get(stream) ?? [];
}
