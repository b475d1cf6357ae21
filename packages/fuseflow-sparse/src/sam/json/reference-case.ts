/**
 * Recorded runs of SAM's Python simulator: wiring, operands, results and token streams of one kernel on small inputs.
 *
 * Nodes are named as in the file; ports are the getters and setters of the simulator's blocks. A connection may carry several
 * streams at once (`(ref, crd)` into `set_in1` of a join), and an output may go to several nodes.
 */
import { type Diagnostic, DiagnosticBag, type Source } from "@millrace/ir-text";
import { type Connection, connectBlocks } from "../connect-blocks.ts";
import type { SamBlock, SamGraph, SamPort, SamTensor, StreamKind } from "../graph.ts";
import { convertNode, inputPort, outputPort } from "./case-ports.ts";
import { type CaseFile, caseSchema } from "./case-schema.ts";
import { type CaseTensors, caseTensors } from "./case-tensors.ts";
import { type JsonDocument, readJson } from "./read-json.ts";

/** One operand of a case. */
export interface CaseInput extends SamTensor {
  /** Extent of each mode, in the order of the expression; empty for a scalar. */
  readonly dims: readonly number[];
  /** Name of the file beside the case that holds the entries (`.mtx` or `.tns`), unless it is a scalar. */
  readonly file?: string;
  /** The value of a scalar. */
  readonly value?: number;
}

/** What the simulator that was recorded made of a case. */
export interface CaseResult {
  /** Cycles until every writer is done, without a limit on FIFOs. */
  readonly cycles: number;
  /** Cycles at a FIFO depth. */
  readonly cyclesByFifoDepth: Readonly<Record<string, number>>;
  /** Non-empty tokens on all connections. */
  readonly tokens: number;
  /** Level arrays, outermost first. */
  readonly levels: readonly {
    readonly index: string;
    readonly seg: readonly number[];
    readonly crd: readonly number[];
  }[];
  readonly values: readonly number[];
}

/** A token stream as recorded: the edges of the graph that carry it, and its tokens, a list for each edge. */
export interface CaseStream {
  readonly name: string;
  readonly edges: readonly string[];
  readonly tokens: readonly (readonly string[])[];
}

/** A recorded case, ready to run. */
export interface ReferenceCase {
  readonly graph: SamGraph;
  /** By tensor name. */
  readonly inputs: Readonly<Record<string, CaseInput>>;
  /** Name of the output tensor. */
  readonly output: string;
  readonly expected: CaseResult;
  /** Empty unless the case was recorded with its streams. */
  readonly streams: readonly CaseStream[];
}

/**
 * Reads a recorded case. Outputs with several consumers get a broadcast; what the case feeds from a root gets a `root`.
 *
 * @throws {DiagnosticError} `json-syntax`, `json-shape`, or `case-…` with the place in the text for unknown nodes, kinds and ports.
 */
export function readReferenceCase(source: Source): ReferenceCase {
  const document = readJson(source, caseSchema);
  const bag = new DiagnosticBag();
  const tensors = caseTensors(document, bag);
  const blocks = convertNodes(document, tensors, bag);
  const wiring = wire(document, blocks, bag);
  bag.throwIfFailed();
  const { value } = document;
  const connected = connectBlocks([...blocks.values(), ...wiring.roots], wiring.connections);
  const graph: SamGraph = {
    name: `${value.kernel}--${value.case}`,
    expression: value.expression,
    tensors: tensors.storage,
    ...connected,
  };
  const ends = new Map(connected.edges.map((edge) => [`${edge.to.block}.${edge.to.port}`, edge.id]));
  return {
    graph,
    inputs: tensors.inputs,
    output: tensors.output,
    expected: {
      cycles: value.cycles,
      cyclesByFifoDepth: value.cyclesByFifoDepth,
      tokens: value.tokens,
      levels: value.output.levels,
      values: value.output.vals,
    },
    streams: wiring.streams.map(({ name, inputs }) => ({
      name,
      edges: inputs.map((input) => ends.get(input) ?? ""),
      tokens: columns(value.streams?.[name] ?? [], inputs.length),
    })),
  };
}

/** The tokens of each of the streams that a connection carries side by side. */
function columns(rows: readonly (string | readonly string[])[], count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, k) => rows.map((row) => (typeof row === "string" ? row : (row[k] ?? ""))));
}

function convertNodes(
  { value, spanOf }: JsonDocument<CaseFile>,
  tensors: CaseTensors,
  bag: DiagnosticBag,
): Map<string, SamBlock> {
  const blocks = new Map<string, SamBlock>();
  for (const [id, node] of Object.entries(value.graph.nodes)) {
    const block = convertNode(id, node, tensors);
    if (typeof block !== "string") blocks.set(id, block);
    else bag.report({ severity: "error", code: "case-node", message: block, span: spanOf(["graph", "nodes", id]) });
  }
  return blocks;
}

interface Wiring {
  readonly roots: readonly SamBlock[];
  readonly connections: readonly Connection[];
  readonly streams: readonly { readonly name: string; readonly inputs: readonly string[] }[];
}

function wire(document: JsonDocument<CaseFile>, blocks: ReadonlyMap<string, SamBlock>, bag: DiagnosticBag): Wiring {
  const { value, spanOf } = document;
  const connections: Connection[] = [];
  const streams: { name: string; inputs: string[] }[] = [];
  for (const [position, { frm, to }] of value.graph.edges.entries()) {
    const inputs: string[] = [];
    for (const from of frm) {
      // A node that was refused is not reported again at each of its connections.
      if ([from, to].some(([id]) => Object.hasOwn(value.graph.nodes, id) && !blocks.has(id))) continue;
      const found = joinEnds(blocks, { from, to });
      if (typeof found === "string") {
        const span = spanOf(["graph", "edges", position]);
        bag.report({ severity: "error", code: "case-edge", message: found, span });
      } else {
        connections.push(found);
        inputs.push(`${found.to.block}.${found.to.port}`);
      }
    }
    const name = `${frm.map((end) => end.join(".")).join(",")} -> ${to.join(".")}`;
    if (value.streams?.[name] !== undefined) streams.push({ name, inputs });
  }
  const dropped = new Map(connections.map(({ to, kind }) => [to.block, kind]));
  for (const [position, connection] of connections.entries()) {
    // The dropper passes on whatever kind of stream it is given.
    const kind =
      blocks.get(connection.from.block)?.type === "stop-drop" ? dropped.get(connection.from.block) : undefined;
    if (kind !== undefined) connections[position] = { ...connection, kind };
  }
  const roots = value.graph.roots.map(([id, setter], position): SamBlock => {
    const block = blocks.get(id);
    const port = block === undefined ? undefined : inputPort(block, setter, "ref");
    const root: SamBlock = { id: `root-${id}`, type: "root", tensor: tensorOf(block) };
    if (port !== undefined)
      connections.push({ kind: "ref", from: { block: root.id, port: "ref" }, to: { block: id, port } });
    else bag.report(rootFault(`${id}.${setter}`, spanOf(["graph", "roots", position])));
    return root;
  });
  return { roots, connections, streams };
}

const rootFault = (end: string, span: Diagnostic["span"]): Diagnostic => ({
  severity: "error",
  code: "case-edge",
  message: `there is no input ${end} for a root`,
  ...(span === undefined ? {} : { span }),
});

function tensorOf(block: SamBlock | undefined): string {
  return block !== undefined && "tensor" in block ? block.tensor : "";
}

/** The stream from a getter to a setter, or why there is none. */
function joinEnds(
  blocks: ReadonlyMap<string, SamBlock>,
  { from, to }: { readonly from: readonly [string, string]; readonly to: readonly [string, string] },
): Connection | string {
  const producer = blocks.get(from[0]);
  const consumer = blocks.get(to[0]);
  if (producer === undefined) return `there is no node ${from[0]}`;
  if (consumer === undefined) return `there is no node ${to[0]}`;
  const output: { readonly port: string; readonly kind: StreamKind } | undefined = outputPort(producer, from[1]);
  if (output === undefined) return `${from[0]} (${producer.type}) has no output ${from[1]}`;
  const port = inputPort(consumer, to[1], output.kind);
  if (port === undefined) return `${to[0]} (${consumer.type}) has no input ${to[1]} for a ${output.kind} stream`;
  const end = (block: string, name: string): SamPort => ({ block, port: name });
  return { kind: output.kind, from: end(from[0], output.port), to: end(to[0], port) };
}
