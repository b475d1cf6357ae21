import type { Channel, Graph } from "@millrace/sim-core";
import type { Block, BlockWiring } from "../blocks/block.ts";
import { Fork } from "../blocks/lanes/fork.ts";
import { LaneJoin } from "../blocks/lanes/lane-join.ts";
import { OutPort } from "../blocks/out-port.ts";
import { FuseflowError } from "../errors.ts";
import type { SamBlock, SamGraph } from "../sam/graph.ts";
import { partId } from "./global-clock-parts.ts";
import { type LanePair, pairLanes } from "./pair-lanes.ts";

/** Makes the forks and joins of a graph, with the records of dealing that run from one to the other. */
export class LaneMaker {
  readonly #machine: Graph;
  readonly #pairs: ReadonlyMap<string, LanePair>;
  // By join.
  readonly #records = new Map<string, Channel>();

  /** @throws {FuseflowError} `graph-invalid` for a join whose lanes were not dealt by one fork. */
  constructor(machine: Graph, graph: SamGraph) {
    this.#machine = machine;
    this.#pairs = pairLanes(graph);
    for (const join of this.#pairs.keys()) this.#records.set(join, machine.channel(partId(join)));
  }

  /** The node of a fork or join, `null` for other blocks. */
  make(block: SamBlock, wiring: BlockWiring): Block | null {
    if (block.type === "fork") {
      const odd = block.deal?.find((lane) => !(Number.isInteger(lane) && lane >= 0 && lane < block.ways));
      if (odd !== undefined)
        throw new FuseflowError("graph-invalid", `fork ${block.id} deals to lane ${odd}, but has ${block.ways} lanes`);
      const joins = [...this.#pairs].filter(([, { fork }]) => fork === block.id);
      const records = joins.map(([join]) => this.#records.get(join)!);
      return this.#machine.add(new Fork(wiring, new OutPort(records), block.deal));
    }
    if (block.type !== "join") return null;
    return this.#machine.add(new LaneJoin(wiring, this.#records.get(block.id)!, this.#pairs.get(block.id)!.depth));
  }
}
