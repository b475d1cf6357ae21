/**
 * Runs the inside of a loop in lanes: coordinates of the loop are dealt to copies of everything further in, and what leaves
 * the copies is put together again in the order of dealing.
 *
 * Source: Lacouture et al., "FuseFlow" (arXiv 2511.04768), section 6: the stream parallelizer. Lanes end where the loop is
 * reduced or written, and fibres need not be equal, or there at all.
 */
import { DiagnosticBag } from "@millrace/ir-text";
import { FuseflowError } from "../errors.ts";
import { type NetBlock, type OutPort, toGraph } from "../region/netlist.ts";
import type { SamTensor } from "../sam/graph.ts";
import { portsOf } from "../sam/ports.ts";
import { GraphFaults } from "../sam/validate/graph-faults.ts";
import { inferShapes } from "../sam/validate/shapes/stream-shapes.ts";
import { orderBlocks, wiringOf } from "../sam/validate/wiring.ts";

/** What to run in lanes. */
export interface Lanes {
  readonly variable: string;
  readonly factor: number;
  /** Lane of the nth coordinate, over and over; in turn unless given. */
  readonly deal?: readonly number[];
}

/**
 * The blocks with everything inside the loop over `variable` in `factor` copies.
 *
 * @throws {FuseflowError} `schedule-invalid` if there is no such loop
 */
export function lanes(
  blocks: readonly NetBlock[],
  { variable, factor, deal }: Lanes,
  tensors: Readonly<Record<string, SamTensor>>,
): readonly NetBlock[] {
  const heads = headsOf(blocks, variable);
  if (heads.length === 0) {
    const loops = [...new Set(blocks.flatMap(({ block }) => (block.type === "scanner" ? [block.index] : [])))];
    throw new FuseflowError(
      "schedule-invalid",
      `there is no loop over ${variable} to run in lanes; the loops are ${loops.join(", ")}`,
    );
  }
  if (factor === 1) return blocks;
  const shapes = shapesOf(blocks, tensors);
  // Joins that leave an operand's coordinates as they are have its axis: one loop, several blocks.
  const axes = new Set(heads.map((head) => shapes.get(`${head}.crd`)?.at(-1)));
  let all = blocks;
  for (const [at, axis] of [...axes].entries()) {
    const head = heads.find((each) => shapes.get(`${each}.crd`)?.at(-1) === axis)!;
    all = new LaneSplit(
      all,
      { head, variable, factor, name: `${variable}${at === 0 ? "" : at}`, deal },
      tensors,
    ).result();
  }
  return all;
}

/** The blocks whose coordinates are those of a loop over `variable`, all joins made. */
function headsOf(blocks: readonly NetBlock[], variable: string): readonly string[] {
  const joined = new Set<string>();
  const heads: string[] = [];
  for (const { block, inputs } of blocks) {
    const joins = block.type === "intersect" || block.type === "union" || block.type === "locate";
    if (!joins && block.type !== "scanner") continue;
    if (block.index !== variable) continue;
    heads.push(block.id);
    if (joins) for (const [port, from] of Object.entries(inputs)) if (port.startsWith("crd")) joined.add(from.block);
  }
  return heads.filter((id) => !joined.has(id));
}

interface Split {
  readonly head: string;
  readonly variable: string;
  readonly factor: number;
  readonly name: string;
  readonly deal: readonly number[] | undefined;
}

class LaneSplit {
  readonly #blocks: readonly NetBlock[];
  readonly #split: Split;
  readonly #shapes: ReadonlyMap<string, readonly number[]>;
  readonly #axis: number;
  readonly #inside = new Set<string>();
  readonly #made: NetBlock[] = [];
  readonly #forks = new Map<string, string>();
  readonly #joins = new Map<string, OutPort>();

  constructor(blocks: readonly NetBlock[], split: Split, tensors: Readonly<Record<string, SamTensor>>) {
    this.#blocks = blocks;
    this.#split = split;
    this.#shapes = shapesOf(blocks, tensors);
    this.#axis = this.#shapes.get(`${split.head}.crd`)?.at(-1) ?? -1;
    this.#findInside();
  }

  result(): readonly NetBlock[] {
    for (const entry of this.#blocks) {
      if (this.#inside.has(entry.block.id)) this.#copies(entry);
      else this.#made.push({ block: entry.block, inputs: this.#fromLanes(entry.inputs) });
    }
    return this.#made;
  }

  #findInside(): void {
    const reached = new Set(this.#blocks.filter(({ block }) => this.#makesLoop(block)).map(({ block }) => block.id));
    for (const { block, inputs } of this.#blocks) {
      if (this.#makesLoop(block)) continue;
      if (!Object.values(inputs).some((from) => reached.has(from.block) && this.#has(from))) continue;
      if (block.type === "write-level" || block.type === "write-values") continue;
      const kept = portsOf(block).outputs.every(({ name }) => this.#has({ block: block.id, port: name }));
      if (!kept) continue;
      reached.add(block.id);
      this.#inside.add(block.id);
    }
  }

  /** Whether a block is one of those that make the coordinates of the loop. */
  #makesLoop(block: NetBlock["block"]): boolean {
    const types = ["scanner", "intersect", "union", "locate"];
    if (!types.includes(block.type) || !("index" in block) || block.index !== this.#split.variable) return false;
    return this.#shapes.get(`${block.id}.crd`)?.at(-1) === this.#axis;
  }

  #has({ block, port }: Pick<OutPort, "block" | "port">): boolean {
    return this.#shapes.get(`${block}.${port}`)?.includes(this.#axis) ?? false;
  }

  #copies({ block, inputs }: NetBlock): void {
    const entries = Object.entries(inputs).map(([port, from]) => [port, from, this.#fork(from)] as const);
    for (let lane = 0; lane < this.#split.factor; lane++) {
      const feeds = entries.map(([port, from, fork]): [string, OutPort] => {
        if (this.#inside.has(from.block)) return [port, { ...from, block: this.#copyId(from.block, lane) }];
        return [port, fork === null ? from : { ...from, block: fork, port: `out${lane}` }];
      });
      this.#made.push({ block: { ...block, id: this.#copyId(block.id, lane) }, inputs: Object.fromEntries(feeds) });
    }
  }

  #copyId(id: string, lane: number): string {
    return `${id}~${this.#split.name}${lane}`;
  }

  /** The fork behind a stream that enters the lanes at their loop; null for what all lanes take whole, or make themselves. */
  #fork(from: OutPort): string | null {
    const key = `${from.block}.${from.port}`;
    if (this.#inside.has(from.block) || !this.#has(from)) return null;
    if (this.#shapes.get(key)?.at(-1) !== this.#axis) {
      throw new FuseflowError(
        "schedule-invalid",
        `stream ${key} enters the lanes of ${this.#split.name} inside their loop`,
      );
    }
    const known = this.#forks.get(key);
    if (known !== undefined) return known;
    const id = `fork-${this.#split.name}-${this.#forks.size}`;
    const { factor, deal } = this.#split;
    const block = {
      id,
      type: "fork",
      stream: from.kind,
      ways: factor,
      ...(deal === undefined ? {} : { deal }),
    } as const;
    this.#made.push({ block, inputs: { in: from } });
    this.#forks.set(key, id);
    return id;
  }

  #fromLanes(inputs: NetBlock["inputs"]): NetBlock["inputs"] {
    return Object.fromEntries(
      Object.entries(inputs).map(([port, from]) => [port, this.#inside.has(from.block) ? this.#join(from) : from]),
    );
  }

  #join(from: OutPort): OutPort {
    const key = `${from.block}.${from.port}`;
    const known = this.#joins.get(key);
    if (known !== undefined) return known;
    const id = `join-${this.#split.name}-${this.#joins.size}`;
    const { factor } = this.#split;
    const inputs = Object.fromEntries(
      Array.from({ length: factor }, (_, lane) => [`in${lane}`, { ...from, block: this.#copyId(from.block, lane) }]),
    );
    this.#made.push({ block: { id, type: "join", stream: from.kind, ways: factor }, inputs });
    const port: OutPort = { block: id, port: "out", kind: from.kind };
    this.#joins.set(key, port);
    return port;
  }
}

/** The axes of every stream, by its producer. */
function shapesOf(
  blocks: readonly NetBlock[],
  tensors: Readonly<Record<string, SamTensor>>,
): ReadonlyMap<string, readonly number[]> {
  const wiring = wiringOf(toGraph(blocks, { name: "lanes", tensors }));
  const { byOutput } = inferShapes(wiring, orderBlocks(wiring).order, new GraphFaults(new DiagnosticBag(), undefined));
  return new Map([...byOutput].map(([port, { axes }]) => [port, axes]));
}
