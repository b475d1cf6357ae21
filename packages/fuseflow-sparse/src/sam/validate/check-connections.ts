import { nearest } from "@millrace/ir-text";
import type { SamBlock, SamEdge, StreamKind } from "../graph.ts";
import { portsOf, type SamPortType } from "../ports.ts";
import type { GraphFaults } from "./graph-faults.ts";
import type { Wiring } from "./wiring.ts";

/** Checks that ids are unique, that edges join ports that exist and fit, and that no input is left open. */
export function checkConnections(wiring: Wiring, faults: GraphFaults): void {
  checkIds(wiring, faults);
  for (const block of wiring.blocks.values()) checkParameters(block, faults);
  for (const edge of wiring.graph.edges) checkEdge(edge, wiring, faults);
  for (const block of wiring.blocks.values()) {
    for (const port of portsOf(block).inputs) {
      if (port.optional || wiring.into.has(`${block.id}.${port.name}`)) continue;
      const message = `input ${port.name} of ${named(block)} is connected to nothing`;
      faults.report("input-unconnected", message, { block: block.id, help: helpForOpenInput(block, port.name) });
    }
  }
}

/** A block as messages name it. */
export function named(block: SamBlock): string {
  return `${block.id} (${block.type})`;
}

function checkIds({ graph }: Wiring, faults: GraphFaults): void {
  for (const [what, items] of [["block", graph.blocks] as const, ["edge", graph.edges] as const]) {
    const seen = new Set<string>();
    for (const { id } of items) {
      if (seen.has(id)) faults.report("id-repeated", `two ${what}s have the id ${id}`, { [what]: id });
      seen.add(id);
    }
  }
}

function checkParameters(block: SamBlock, faults: GraphFaults): void {
  const fault = (message: string): void =>
    faults.report("block-malformed", `${named(block)} ${message}`, { block: block.id });
  if (block.type === "spacc") {
    const count = block.indices.length;
    const fits = count === block.order + 1 || (block.form === "points" && count === block.order);
    if (!fits) fault(`of order ${block.order} names ${count} indices; form ${block.form} needs ${block.order + 1}`);
  }
  if ((block.type === "intersect" || block.type === "union") && block.arity < 2) {
    fault(`joins ${block.arity} operand; it needs two or more`);
  }
}

function checkEdge(edge: SamEdge, wiring: Wiring, faults: GraphFaults): void {
  for (const side of ["from", "to"] as const) {
    const end = edge[side];
    const block = wiring.blocks.get(end.block);
    if (block === undefined) {
      faults.report("block-missing", `edge ${edge.id} ends at ${end.block}, which is no block`, { edge: edge.id });
      continue;
    }
    const ports = portsOf(block)[side === "from" ? "outputs" : "inputs"];
    const port = ports.find(({ name }) => name === end.port);
    if (port === undefined) reportUnknownPort({ edge, side, block, ports }, faults);
    else if (!port.kinds.includes(edge.kind)) {
      const wanted = port.kinds[0];
      const message = `${side === "from" ? "output" : "input"} ${end.port} of ${named(block)} is a ${wanted} stream, the edge a ${edge.kind} stream`;
      faults.report("kind-mismatch", message, { edge: edge.id, block: block.id });
    }
    const other =
      side === "from" ? wiring.outOf.get(`${end.block}.${end.port}`) : wiring.into.get(`${end.block}.${end.port}`);
    if (other !== undefined && other !== edge) {
      const help = side === "from" ? "put a broadcast behind it" : undefined;
      const message = `${side === "from" ? "output" : "input"} ${end.port} of ${named(block)} has a second edge`;
      faults.report("port-repeated", message, { edge: edge.id, block: block.id, help });
    }
  }
  checkPassedKind(edge, wiring, faults);
}

/** What some blocks put out is what they are given. */
function checkPassedKind(edge: SamEdge, { blocks, into }: Wiring, faults: GraphFaults): void {
  const producer = blocks.get(edge.from.block);
  const isJoin = producer?.type === "intersect" || producer?.type === "union";
  const passes = producer?.type === "stop-drop" || producer?.type === "empty-fiber-drop";
  const source = isJoin && edge.from.port.startsWith("ref") ? edge.from.port : passes ? "in" : undefined;
  const fed = source === undefined ? undefined : into.get(`${edge.from.block}.${source}`)?.kind;
  if (producer === undefined || fed === undefined) return;
  const given: StreamKind = isJoin && fed === "crd" ? "ref" : fed;
  if (given === edge.kind) return;
  const message = `${named(producer)} passes a ${given} stream on to ${edge.from.port}, the edge is a ${edge.kind} stream`;
  faults.report("kind-mismatch", message, { edge: edge.id, block: producer.id });
}

interface UnknownPort {
  readonly edge: SamEdge;
  readonly side: "from" | "to";
  readonly block: SamBlock;
  readonly ports: readonly SamPortType[];
}

function reportUnknownPort({ edge, side, block, ports }: UnknownPort, faults: GraphFaults): void {
  const { port } = edge[side];
  const direction = side === "from" ? "output" : "input";
  const said = port.startsWith("?") ? `for '${port.slice(1)}'` : `'${port}'`;
  const close = nearest(
    port,
    ports.map(({ name }) => name),
  );
  const list = ports.map(({ name }) => name).join(", ");
  const help = close === undefined ? `its ${direction}s are ${list || "none"}` : `did you mean '${close}'?`;
  faults.report("port-unknown", `${named(block)} has no ${direction} ${said}`, {
    edge: edge.id,
    block: block.id,
    help,
  });
}

function helpForOpenInput(block: SamBlock, port: string): string | undefined {
  if (block.type === "spacc" && block.form === "fibers" && port === `crd${block.order}`) {
    return "it takes the coordinates of the reduced loop, whose stops say when a sum is complete";
  }
  if (block.type === "crddrop" && port === "inner")
    return "connect the stream that says which outer coordinates are empty";
  return undefined;
}
