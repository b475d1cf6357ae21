/**
 * The lowering of an operation on values: its operands' loops are joined as the operation asks, and at its last loop the
 * values are combined, so that whatever it is joined with further on carries one stream of values.
 */
import { type Cursor, type LoweringScope, type OpenLoop, open, repeated } from "./cursor.ts";
import { FusionConflict } from "./fusion-conflict.ts";
import { follow, type LoopMember, merge, type PendingJoin, resolve, single } from "./loop-join.ts";
import type { OutPort } from "./netlist.ts";

/** What is done with the operands of a node. */
export interface Combination {
  readonly meeting: "all" | "any" | "pattern";
  /** Operand that decides under `pattern`. */
  readonly pattern: number;
  /** Name of the result, for blocks. */
  readonly tensor: string;
  /** A cursor for each variable along which an operand has every coordinate without storing one. */
  readonly fillers: ReadonlyMap<string, Cursor>;
  /** Whether the values are the operand's, and only what fillers add needs a block. */
  readonly identity: boolean;
  /** Blocks that make one value of one of each operand. */
  readonly apply: (values: readonly OutPort[]) => OutPort;
}

/** Joins operands and combines their values. */
export class CombineCursor implements Cursor {
  readonly variables: readonly string[];
  readonly #operands: readonly Cursor[];
  readonly #how: Combination;
  readonly #scope: LoweringScope;
  #next = 0;
  #val: OutPort | null = null;
  #filled = false;

  constructor(operands: readonly Cursor[], variables: readonly string[], how: Combination, scope: LoweringScope) {
    this.#operands = operands;
    this.variables = variables;
    this.#how = how;
    this.#scope = scope;
  }

  advance(variable: string): PendingJoin {
    this.#next += 1;
    const joined = this.#join(variable);
    if (this.#next < this.variables.length) return joined;
    const member = resolve(joined, { netlist: this.#scope.netlist, variable });
    this.#settleAll(open(member, variable));
    this.#val = this.#combined();
    const accept = (val: OutPort): void => {
      this.#val = val;
    };
    return single({ ...member, carried: [{ stream: this.#val, accept }], lacks: () => {} });
  }

  #join(variable: string): PendingJoin {
    const place = { netlist: this.#scope.netlist, variable };
    const { meeting, pattern, fillers } = this.#how;
    const parts = new Map<number, PendingJoin>();
    for (const [at, operand] of this.#operands.entries()) {
      if (operand.variables.includes(variable)) parts.set(at, operand.advance(variable));
    }
    const pending = [...parts.values()];
    if (meeting === "all") return merge("intersect", pending, place);
    if (meeting === "any") {
      const all = merge("union", pending, place);
      const filler = fillers.get(variable);
      if (filler === undefined || certain(all)) return all;
      this.#filled = true;
      return merge("union", [all, bare(filler.advance(variable))], place);
    }
    const driver = parts.get(pattern);
    if (driver === undefined) return merge("intersect", pending, place);
    const others = pending.filter((part) => part !== driver).map((part) => resolve(part, place));
    if (others.length === 0) return driver;
    return single(follow(resolve(driver, place), others, place));
  }

  settle(loop: OpenLoop): void {
    if (this.#val === null) this.#settleAll(loop);
  }

  #settleAll(loop: OpenLoop): void {
    for (const operand of [...this.#operands, ...this.#how.fillers.values()]) {
      if (operand.variables.includes(loop.variable)) operand.settle(loop);
      else operand.repeat(loop);
    }
  }

  repeat(loop: OpenLoop): void {
    if (this.#next < this.variables.length) {
      this.#settleAll(loop);
      return;
    }
    const root = this.variables.length === 0;
    this.#val = repeated(this.value(), loop, this.#scope, { tensor: this.#how.tensor, root });
  }

  value(): OutPort {
    if (this.#next < this.variables.length) {
      throw new FusionConflict(this.variables[this.#next]!, `${this.#how.tensor} has loops left`, this.#how.tensor);
    }
    this.#val ??= this.#combined();
    return this.#val;
  }

  #combined(): OutPort {
    const values = this.#operands.map((operand) => operand.value());
    return this.#how.identity && !this.#filled ? values[0]! : this.#how.apply(values);
  }
}

const certain = ({ kind, members }: PendingJoin): boolean =>
  kind === "union" ? members.some(({ complete }) => complete) : members.every(({ complete }) => complete);

/** The coordinates alone. */
function bare({ kind, members }: PendingJoin): PendingJoin {
  return { kind, members: members.map((member): LoopMember => ({ ...member, carried: [] })) };
}
