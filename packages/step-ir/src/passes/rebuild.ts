import { StepError } from "../errors.ts";
import type { Extent } from "../extent/extent.ts";
import { symbolsOf } from "../extent/substitute.ts";
import { Program, type ProgramNode, type Stream } from "../program/program.ts";

/** How a changed program differs from the one it is made of. */
export interface Changes {
  /** Tensors that are left out. */
  readonly withoutTensors?: ReadonlySet<string>;
  /** Declares what is new before any node. */
  prepare?(program: Program): void;
  /**
   * Builds what takes the place of a node, once all streams that `needs` names are there, and says which new stream stands
   * for each old one. Nodes without an entry are copied.
   */
  replacement?(node: ProgramNode): Replacement | undefined;
  /** What an assertion of the old program says in the new one; the same unless given. `text` is what it replaces. */
  assertion?(text: string, extent: Extent): Extent;
  /** Feeds placeholders that are new. */
  finish?(program: Program, streamOf: (old: Stream) => Stream): void;
}

/** What takes the place of a node. */
export interface Replacement {
  readonly needs: readonly Stream[];
  build(program: Program, streamOf: (old: Stream) => Stream): ReadonlyMap<Stream, Stream>;
}

/**
 * Copies a program with changes: nodes in their order, each as soon as what it reads is there. Every shape rule is checked
 * anew.
 *
 * @throws {StepError} what a shape rule throws if the changed program breaks it.
 */
export function rebuild(old: Program, changes: Changes): Program {
  const program = new Program(old.name);
  for (const [name, type] of old.tensors) if (!changes.withoutTensors?.has(name)) program.tensor(name, type);
  const made = new Set(old.nodes.flatMap((node) => old.symbolsOf(node.id)));
  for (const name of old.symbols) if (!made.has(name)) program.symbol(name);
  changes.prepare?.(program);
  const streams = new Map<Stream, Stream>();
  const streamOf = (stream: Stream): Stream => streams.get(stream)!;
  const assertions = new Map(old.assertions);
  const assertAll = (): void => applyAssertions(program, assertions, changes.assertion ?? ((_, extent) => extent));
  assertAll();
  let waiting = old.nodes;
  while (waiting.length > 0) {
    const later: ProgramNode[] = [];
    for (const node of waiting) {
      const replacement = changes.replacement?.(node);
      if (!(replacement?.needs ?? node.inputs).every((stream) => streams.has(stream))) {
        later.push(node);
        continue;
      }
      for (const [from, to] of replacement?.build(program, streamOf) ?? copy(program, node, streamOf))
        streams.set(from, to);
      assertAll();
    }
    if (later.length === waiting.length) {
      throw new StepError("pass-refused", `"${later[0]!.id}" would depend on itself in the changed program`);
    }
    waiting = later;
  }
  for (const [id, stream] of old.feedback) if (streams.has(stream)) program.close(id, streamOf(stream), () => {});
  changes.finish?.(program, streamOf);
  return program;
}

function copy(program: Program, node: ProgramNode, streamOf: (old: Stream) => Stream): Map<Stream, Stream> {
  const { id, inputs, attributes, operator } = node;
  const made = program.add(operator, { id, inputs: inputs.map(streamOf), attributes });
  return new Map(node.outputs.map((stream, port) => [stream, made.outputs[port]!]));
}

/** Takes over what the old program asserts, as soon as the symbols in it are there. */
function applyAssertions(
  program: Program,
  waiting: Map<string, Extent>,
  changed: (text: string, extent: Extent) => Extent,
): void {
  for (const [text, extent] of waiting) {
    const names = [...(text.match(/[A-Za-z_][A-Za-z0-9_.#]*/g) ?? []), ...symbolsOf(extent)];
    const known = names.every(
      (name) => program.symbols.has(name) || ["sum", "ceil", "floor", "max", "positive"].includes(name),
    );
    if (!known) continue;
    program.assertText(text, changed(text, extent));
    waiting.delete(text);
  }
}
