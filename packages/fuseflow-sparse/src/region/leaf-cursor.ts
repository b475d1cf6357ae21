/** The lowering of one view of a tensor: its levels are scanned, its references repeated over loops that it lacks. */
import { tileWork } from "../sam/tile-work.ts";
import { type Cursor, inLoopOrder, type LoweringScope, type OpenLoop, repeated } from "./cursor.ts";
import { FusionConflict } from "./fusion-conflict.ts";
import { type LoopMember, type PendingJoin, single } from "./loop-join.ts";
import type { OutPort, StoredTensor } from "./netlist.ts";
import { viewAxes } from "./tile-scope.ts";

/** Walks a stored tensor level by level. */
export class LeafCursor implements Cursor {
  readonly variables: readonly string[];
  readonly #scope: LoweringScope;
  readonly #name: string;
  readonly #tensor: StoredTensor;
  readonly #indices: readonly string[];
  /** Variable of each level, outermost first. */
  readonly #levels: readonly string[];
  #depth = 0;
  /** References into the level above the next one; made when first asked for, as a located view asks for none. */
  #ref: () => OutPort;
  #val: OutPort | null = null;
  #mayLack = false;

  /** @throws {FusionConflict} unless the loop order walks the levels outermost first */
  constructor(name: string, indices: readonly string[], scope: LoweringScope) {
    this.#scope = scope;
    this.#name = name;
    this.#tensor = scope.tensors.get(name)!;
    this.#indices = indices;
    this.#levels = this.#tensor.modeOrder.map((mode) => indices[mode]!);
    this.variables = inLoopOrder(indices, scope.order);
    this.variables.forEach((variable, level) => {
      if (variable === this.#levels[level]) return;
      throw new FusionConflict(variable, `${name} is stored with ${this.#levels.join(" outside ")}`, name);
    });
    this.#ref = lazily(() => {
      const block = scope.netlist.add(`root-${name}`, { type: "root", tensor: name }, {});
      return { block, port: "ref", kind: "ref" };
    });
  }

  advance(variable: string): PendingJoin {
    const level = this.#depth;
    this.#depth += 1;
    const { levels, complete, nonempty } = this.#tensor;
    const name = this.#name;
    const block = this.#scope.netlist.add(
      `scan-${name}-${variable}`,
      { type: "scanner", tensor: name, level, index: variable, format: levels[level]! },
      { ref: this.#ref() },
    );
    const stream: OutPort = { block, port: "ref", kind: "ref" };
    const accept = (joined: OutPort): void => {
      this.#ref = () => joined;
    };
    accept(stream);
    const member: LoopMember = {
      crd: { block, port: "crd", kind: "crd" },
      carried: [{ stream, accept }],
      complete: complete[level]! && !this.#mayLack,
      nonempty: nonempty[level]! && !this.#mayLack,
      rigid: false,
      lacks: () => {
        this.#mayLack = true;
      },
    };
    return single(member);
  }

  settle(): void {}

  repeat(loop: OpenLoop): void {
    const { tensor, root } = { tensor: this.#name, root: this.#depth === 0 };
    if (this.#depth === this.#levels.length && this.#levels.length > 0) {
      this.#val = repeated(this.value(), loop, this.#scope, { tensor, root });
      return;
    }
    const ref = this.#ref;
    this.#ref = lazily(() => repeated(ref(), loop, this.#scope, { tensor, root }));
  }

  value(): OutPort {
    if (this.#val !== null) return this.#val;
    const tensor = this.#name;
    const { tiles, netlist } = this.#scope;
    const axes = viewAxes(this.#tensor, this.#indices);
    const tile = tiles === null ? {} : { tile: tileWork(tiles.size, [], axes) };
    const block = netlist.add(`array-${tensor}`, { type: "array", tensor, ...tile }, { ref: this.#ref() });
    this.#val = { block, port: "val", kind: "val", ...(tiles !== null && { axes }) };
    return this.#val;
  }
}

function lazily(build: () => OutPort): () => OutPort {
  let built: OutPort | undefined;
  return () => {
    built ??= build();
    return built;
  };
}
