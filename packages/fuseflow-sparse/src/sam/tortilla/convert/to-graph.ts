import { type Diagnostic, DiagnosticBag } from "@millrace/ir-text";
import { type Connection, connectBlocks } from "../../connect-blocks.ts";
import type { SamBlock, SamEdge, SamGraph, SamTensor } from "../../graph.ts";
import { messageIn, messagesIn, numberIn, stringIn, type TortillaMessage } from "../message.ts";
import { convertOperation, operationNames } from "./convert-operation.ts";
import type { ConvertedOperation, StreamEnd } from "./stream-ends.ts";
import { nameOutput, storageOrders, tensorsOf } from "./tensors.ts";

/**
 * The SAM graph of a `ComalGraph` of any version.
 *
 * Blocks are named after their operations (`fiberlookup-2`). A repeat that makes its signal itself becomes a `repsiggen` and a
 * `repeat`; what is marked as standing below the root gets a `root`; a stream with several consumers a `broadcast`. Level
 * writers are taken in file order as the levels of the one output, outermost first, and are compressed whatever their format
 * says: that is what Comal makes of them. Scanners that are numbered by mode are renumbered by level.
 *
 * @throws {DiagnosticError} naming every operation that has no block, every stream with several producers or with none.
 */
export function tortillaToGraph(message: TortillaMessage): SamGraph {
  const bag = new DiagnosticBag();
  const graph = messageIn(message, "graph");
  const converted = convertAll(messagesIn(graph, "operators"), bag);
  const blocks = converted.flatMap((operation) => operation.blocks);
  const connections = connectStreams(converted, bag);
  bag.throwIfFailed();
  const connected = connectBlocks(blocks, connections);
  const name = stringIn(graph, "name") || stringIn(message, "name");
  return finish(name, connected);
}

function finish(name: string, parts: { blocks: readonly SamBlock[]; edges: readonly SamEdge[] }): SamGraph {
  const orders = storageOrders(parts);
  const blocks = nameOutput(parts).map((block) => {
    const order = block.type === "scanner" ? orders.get(block.tensor) : undefined;
    return block.type === "scanner" && order !== undefined ? { ...block, level: order.indexOf(block.level) } : block;
  });
  const tensors: Readonly<Record<string, SamTensor>> = tensorsOf(blocks, orders);
  return { name, tensors, blocks, edges: parts.edges };
}

function convertAll(operators: readonly TortillaMessage[], bag: DiagnosticBag): readonly ConvertedOperation[] {
  const seen = new Set<string>();
  return operators.flatMap((operator, position) => {
    const name = operationNames.find((field) => operator[field] !== undefined);
    const kind = stringIn(operator, "name") || name || "operation";
    const id = `${kind}-${numberIn(operator, "id")}`;
    const place = `operator ${position} (${id})`;
    if (name === undefined) {
      bag.report(fault("operation-missing", `${place} says no operation`));
      return [];
    }
    if (seen.has(id)) bag.report(fault("operation-repeated", `${place} has the name and the id of another one`));
    seen.add(id);
    const result = convertOperation(id, name, messageIn(operator, name) ?? {});
    if (!("refused" in result)) return [result];
    bag.report(fault("operation-unsupported", `${place} cannot be used: ${result.refused}`));
    return [];
  });
}

function connectStreams(operations: readonly ConvertedOperation[], bag: DiagnosticBag): Connection[] {
  const producers = new Map<string, StreamEnd>();
  for (const end of operations.flatMap((operation) => operation.outputs)) {
    if (end.stream === 0) continue;
    const key = streamKey(end);
    const other = producers.get(key);
    if (other === undefined) producers.set(key, end);
    else bag.report(fault("stream-produced-twice", `stream ${key} is written by ${at(other)} and by ${at(end)}`));
  }
  const connections: Connection[] = [];
  for (const operation of operations) {
    for (const { from, to } of operation.inner) connections.push({ kind: from.kind, from: port(from), to: port(to) });
    for (const end of operation.inputs) {
      if (end.stream === 0) {
        bag.report(fault("stream-missing", `input ${at(end)} is connected to no stream`));
        continue;
      }
      const producer = producers.get(streamKey(end));
      if (producer === undefined) {
        bag.report(fault("stream-unproduced", `stream ${streamKey(end)} into ${at(end)} has no producer`));
      } else connections.push({ kind: end.kind, from: port(producer), to: port(end) });
    }
  }
  return connections;
}

const streamKey = (end: StreamEnd): string => `${end.kind} ${end.stream}`;
const at = (end: StreamEnd): string => `${end.block}.${end.port}`;
const port = (end: StreamEnd): { block: string; port: string } => ({ block: end.block, port: end.port });
const fault = (code: string, message: string): Diagnostic => ({ severity: "error", code, message });
