import type { SamBlock } from "../graph.ts";
import { portsOf } from "../ports.ts";
import { named } from "./check-connections.ts";
import type { GraphFaults } from "./graph-faults.ts";
import type { StreamShape } from "./shapes/axes.ts";
import type { StreamShapes } from "./shapes/stream-shapes.ts";
import type { Wiring } from "./wiring.ts";

const levels = (count: number): string => `${count} level${count === 1 ? "" : "s"}`;

type LevelWriter = Extract<SamBlock, { type: "write-level" }>;

/**
 * Checks that the writers of each tensor write one tensor: every level once, each as deep as its level, and coordinates and
 * values of the same points. A level writer that merges empty fibres needs no dropped stops, but the coordinates outside of the
 * empty fibres must be dropped.
 */
export function checkOutputs(wiring: Wiring, shapes: StreamShapes, faults: GraphFaults): void {
  const outputs = new Map<string, OutputCheck>();
  for (const block of wiring.blocks.values()) {
    if (block.type !== "write-level" && block.type !== "write-values") continue;
    const output = outputs.get(block.tensor) ?? new OutputCheck(block.tensor, wiring, { shapes, faults });
    outputs.set(block.tensor, output);
    output.add(block);
  }
  for (const output of outputs.values()) output.check();
}

class OutputCheck {
  readonly #tensor: string;
  readonly #wiring: Wiring;
  readonly #shapes: StreamShapes;
  readonly #faults: GraphFaults;
  readonly #levels: LevelWriter[] = [];
  #values: SamBlock | undefined;

  constructor(tensor: string, wiring: Wiring, to: { readonly shapes: StreamShapes; readonly faults: GraphFaults }) {
    this.#tensor = tensor;
    this.#wiring = wiring;
    this.#shapes = to.shapes;
    this.#faults = to.faults;
  }

  add(block: LevelWriter | Extract<SamBlock, { type: "write-values" }>): void {
    const other = block.type === "write-values" ? this.#values : this.#levels[block.level];
    if (other !== undefined) {
      const what = block.type === "write-values" ? "values" : `level ${block.level}`;
      this.#faults.report(
        "output-incomplete",
        `${what} of ${this.#tensor} is written by ${other.id} and by ${block.id}`,
        { block: block.id },
      );
    } else if (block.type === "write-values") this.#values = block;
    else if (block.level < 64) this.#levels[block.level] = block;
  }

  check(): void {
    const count = this.#wiring.graph.tensors[this.#tensor]?.levels.length ?? 0;
    const any = this.#values ?? this.#levels.find((writer) => writer !== undefined);
    for (let level = 0; level < Math.min(count, 64); level++) {
      if (this.#levels[level] !== undefined) continue;
      this.#faults.report("output-incomplete", `level ${level} of ${this.#tensor} is written by no block`, {
        block: any?.id,
      });
    }
    if (this.#values === undefined) {
      this.#faults.report("output-incomplete", `the values of ${this.#tensor} are written by no block`, {
        block: any?.id,
      });
    }
    for (const [level, writer] of this.#levels.entries()) if (writer !== undefined) this.#checkLevel(writer, level);
    this.#checkValues(count);
  }

  #shape(block: SamBlock | undefined): StreamShape | undefined {
    if (block === undefined) return undefined;
    const edge = this.#wiring.into.get(`${block.id}.${portsOf(block).inputs[0]!.name}`);
    return edge === undefined ? undefined : this.#shapes.byOutput.get(`${edge.from.block}.${edge.from.port}`);
  }

  #checkLevel(writer: LevelWriter, level: number): void {
    const shape = this.#shape(writer);
    if (shape === undefined) return;
    const { axes } = this.#shapes;
    if (shape.flat || shape.axes.length !== level + 1) {
      const message = `${named(writer)} writes level ${level} of ${this.#tensor} and needs ${levels(level + 1)}, but gets ${axes.print(shape)}`;
      this.#faults.report("depth", message, { block: writer.id });
      return;
    }
    const above = this.#shape(this.#levels[level - 1]);
    if (level === 0 || above === undefined || above.axes.length !== level) return;
    const [coordinates, fibers, inner] = [above.axes.at(-1), shape.axes.at(-2), shape.axes.at(-1)];
    if (coordinates === undefined || fibers === undefined || inner === undefined) return;
    const upper = this.#levels[level - 1] as LevelWriter;
    if (coordinates === fibers) this.#checkEmptyFibers(writer, { upper, inner });
    else if (axes.isPart(coordinates, fibers)) this.#checkDropped(writer, { upper, coordinates, inner });
    else if (axes.isPart(fibers, coordinates)) {
      const message = `level ${level} of ${this.#tensor} has fibres dropped whose coordinates level ${level - 1} keeps`;
      const help = "write the outer coordinates behind the same crddrop";
      this.#faults.report("missing-coordinate-drop", message, {
        block: upper.id,
        help,
        notes: this.#droppedBy(fibers),
      });
    } else {
      const message = `levels ${level - 1} and ${level} of ${this.#tensor} do not line up: ${axes.print(above)} and ${axes.print(shape)} of different blocks`;
      this.#faults.report("shape-mismatch", message, { block: writer.id });
    }
  }

  /** Coordinates were dropped; the fibres below them may keep their stops only if the writer merges them. */
  #checkDropped(writer: LevelWriter, at: { upper: LevelWriter; coordinates: number; inner: number }): void {
    const { axes } = this.#shapes;
    const { keptBy } = axes.origin(at.coordinates);
    const byThese = keptBy !== undefined && (axes.isPart(at.inner, keptBy) || axes.isPart(keptBy, at.inner));
    if (byThese && writer.mergeEmptyFibers) return;
    const reason = byThese ? "and its writer keeps empty fibres" : "for other fibres being empty";
    const message = `level ${at.upper.level} of ${this.#tensor} has coordinates dropped, ${reason}, that level ${writer.level} has fibres for`;
    const help = "write the inner coordinates behind the same crddrop";
    this.#faults.report("missing-coordinate-drop", message, {
      block: writer.id,
      help,
      notes: this.#droppedBy(at.coordinates),
    });
  }

  #checkEmptyFibers(writer: LevelWriter, at: { readonly upper: LevelWriter; readonly inner: number }): void {
    const { mayBeEmpty, block } = this.#shapes.axes.origin(at.inner);
    if (!mayBeEmpty || !writer.mergeEmptyFibers) return;
    const message = `fibres of level ${writer.level} of ${this.#tensor} may be empty, and its writer merges them with the next`;
    this.#faults.report("empty-fibers", message, {
      block: writer.id,
      severity: "warning",
      help: `put a crddrop in front of ${at.upper.id} and ${writer.id}`,
      notes: [{ message: "an empty fibre can come from here", block }],
    });
  }

  #checkValues(count: number): void {
    const shape = this.#shape(this.#values);
    if (shape === undefined || this.#values === undefined) return;
    const { axes } = this.#shapes;
    const id = this.#values.id;
    // Values have no stops of chunks; a writer of values needs none.
    const stored = this.#shape(this.#levels[count - 1])?.axes ?? [];
    const written = axes.unsplit(stored);
    const splits = stored.length - written.length;
    if (shape.axes.length !== count && shape.axes.length + splits !== count) {
      const message = `${named(this.#values)} writes values of ${this.#tensor} and needs ${levels(count)}, but gets ${axes.print(shape)}`;
      this.#faults.report("depth", message, { block: id });
      return;
    }
    const coordinates = (shape.axes.length === count ? stored : written).at(-1);
    const points = shape.axes.at(-1);
    if (coordinates === undefined || points === undefined || coordinates === points) return;
    // Words have no references of their coordinates: the values are of another stream, and only running can tell if they fit.
    const made = this.#wiring.blocks.get(axes.origin(coordinates).block);
    if (made?.type === "scanner" && made.format === "bitvector") return;
    if (axes.isPart(coordinates, points)) {
      const message = `coordinates of ${this.#tensor} are dropped where the fibre inside is empty, but their values are not`;
      const help =
        "drop the values as well: send the values through a crddrop with the same outer coordinates before they are reduced";
      this.#faults.report("missing-value-drop", message, { block: id, help, notes: this.#droppedBy(coordinates) });
    } else if (axes.isPart(points, coordinates)) {
      const message = `values of ${this.#tensor} are dropped, but their coordinates are not`;
      this.#faults.report("missing-coordinate-drop", message, { block: id, notes: this.#droppedBy(points) });
    } else {
      const message = `coordinates and values of ${this.#tensor} do not line up: they belong to different blocks`;
      const notes = [coordinates, points].map((axis, k) => {
        const { block } = axes.origin(axis);
        return { message: `the ${k === 0 ? "coordinates" : "values"} are those of ${block}`, block };
      });
      this.#faults.report("shape-mismatch", message, { block: id, notes });
    }
  }

  #droppedBy(axis: number): { message: string; block: string }[] {
    const { block } = this.#shapes.axes.origin(axis);
    return [{ message: `dropped by ${block}`, block }];
  }
}
