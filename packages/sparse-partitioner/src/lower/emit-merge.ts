/** The loops over one variable: dense, a single sparse level, intersections, unions and what lies between. */
import type { BufferValue, LocalValue, Value } from "@millrace/loop-ir";
import { type LatticePoint, latticeOf, pointsWithin } from "../iteration/lattice.ts";
import type { Presence } from "../iteration/sequence.ts";
import type { Formula } from "../iteration/statement.ts";
import type { LoopEmitter, OperandState } from "./emit-loops.ts";
import { isSumOf } from "./value.ts";

/** A sparse level that is walked from `from` up to `until`. */
export interface MergeOperand {
  readonly name: string;
  /** Of the level above; the window is empty where that is absent. */
  readonly presence: Presence<Value>;
  readonly from: LocalValue;
  readonly until: LocalValue;
  readonly coordinates: BufferValue;
  /** Levels of the operand reached inside the loop. */
  readonly levels: number;
}

type Body = (coordinate: Value, operands: readonly OperandState[]) => void;

/** Most operands for which every point of the lattice becomes a loop of its own. */
const maximumSpecialised = 4;

/** A loop over all coordinates from `first` up to `end`, beside which sparse levels are walked. */
export function emitDense(
  { b }: LoopEmitter,
  loop: { readonly first: Value; readonly end: Value; readonly operands: readonly MergeOperand[] },
  body: Body,
): void {
  b.for("c", loop.first, loop.end, (coordinate) => {
    const flags = loop.operands.map(({ name, from, until, coordinates }) => {
      const flag = b.local(`${name}_here`, b.constant("bool", false));
      b.if(b.less(from, until), () => b.set(flag, b.equal(b.load(coordinates, from), coordinate)));
      return flag;
    });
    body(coordinate, states(loop.operands, flags));
    loop.operands.forEach(({ from }, at) => {
      b.if(flags[at]!, () => b.set(from, b.add(from, 1)));
    });
  });
}

function states(operands: readonly MergeOperand[], flags: readonly Presence<Value>[]): OperandState[] {
  return operands.map(({ from, levels }, at) => ({ presence: flags[at]!, position: from, levels }));
}

/** How sparse levels are merged. */
export type MergeLoop =
  | { readonly kind: "all"; readonly operands: readonly MergeOperand[] }
  | {
      readonly kind: "all" | "some";
      readonly operands: readonly MergeOperand[];
      readonly formula: Formula;
      readonly merged: readonly number[];
      readonly innermost: boolean;
    };

/** A loop over the coordinates that a merge of sparse levels visits. */
export function emitMerge(emitter: LoopEmitter, loop: MergeLoop, body: Body): void {
  const { operands } = loop;
  if (operands.length === 1) emitSingle(emitter, operands[0]!, body);
  else if (loop.kind === "all") emitIntersection(emitter, operands, body);
  else if (loop.innermost && operands.length <= maximumSpecialised) emitLattice(emitter, loop, body);
  else {
    if (loop.innermost && isSumOf(loop.formula, loop.merged)) emitSum(emitter, loop, { point: loop.merged, body });
    emitUnion(emitter, loop, body);
  }
}

function emitSingle({ b }: LoopEmitter, operand: MergeOperand, body: Body): void {
  b.for(`p_${operand.name}`, operand.from, operand.until, (position) => {
    const coordinate = b.local("c", b.load(operand.coordinates, position));
    body(coordinate, [{ presence: true, position, levels: operand.levels }]);
  });
}

function emitIntersection({ b }: LoopEmitter, operands: readonly MergeOperand[], body: Body): void {
  whileInside({ b } as LoopEmitter, operands, () => {
    const here = operands.map(({ name, coordinates, from }) => b.local(`c_${name}`, b.load(coordinates, from)));
    const least = b.local("c", smallest(b, here));
    const all = here.map((coordinate) => b.equal(coordinate, least)).reduce((left, right) => b.and(left, right));
    b.if(all, () =>
      body(
        least,
        states(
          operands,
          operands.map(() => true),
        ),
      ),
    );
    advance(b, operands, matches(b, here, least));
  });
}

type FormulaLoop = Extract<MergeLoop, { readonly formula: Formula }>;

/**
 * A sum while none of the operands of a lattice point is at its end: each step takes the least coordinate and moves on
 * whoever stores it, without a branch, as which ones do follows no pattern. (Of two, branches are taken well enough.)
 */
function emitSum(
  emitter: LoopEmitter,
  { operands, merged }: FormulaLoop,
  { point, body }: { readonly point: LatticePoint; readonly body: Body },
): void {
  const { b } = emitter;
  const walked = point.map((at) => operands[merged.indexOf(at)]!);
  whileInside(emitter, walked, () => {
    const here = walked.map(({ name, coordinates, from }) => b.local(`c_${name}`, b.load(coordinates, from)));
    const least = b.local("c", smallest(b, here));
    const flags = walked.map(({ name }, at) => b.local(`${name}_here`, b.equal(here[at]!, least)));
    const presence = merged.map((at) => flags[point.indexOf(at)] ?? false);
    body(
      least,
      states(operands, presence).map((state) => ({ ...state, readable: true })),
    );
    advance(b, walked, flags);
  });
}

/** One loop for each point of the lattice, and inside it one case for each point below. */
function emitLattice(emitter: LoopEmitter, loop: FormulaLoop, body: Body): void {
  const { b } = emitter;
  const { merged, formula } = loop;
  const lattice = latticeOf(formula, merged).filter((point) => point.length > 0);
  const operandOf = (at: number): MergeOperand => loop.operands[merged.indexOf(at)]!;
  for (const point of lattice) {
    if (point.length > 2 && isSumOf(formula, merged)) {
      emitSum(emitter, loop, { point, body });
      continue;
    }
    const walked = point.map(operandOf);
    whileInside(emitter, walked, () => {
      const here = walked.map(({ name, coordinates, from }) => b.local(`c_${name}`, b.load(coordinates, from)));
      const cases = pointsWithin(lattice, point);
      const visit = (which: LatticePoint, coordinate: Value): void => {
        const flags = merged.map((at) => which.includes(at));
        body(coordinate, states(loop.operands, flags));
      };
      if (point.length === 2) {
        emitPair(b, { walked, here }, (present) => {
          const which = point.filter((_, at) => present.includes(at));
          if (cases.some((each) => each.length === which.length && which.every((at) => each.includes(at))))
            visit(which, here[present[0]!]!);
        });
        return;
      }
      const least = walked.length === 1 ? here[0]! : b.local("c", smallest(b, here));
      if (point.length === 1) visit(point, least);
      else
        emitCases(
          b,
          cases.map((which) => ({
            condition: () =>
              which.map((at) => b.equal(here[point.indexOf(at)]!, least)).reduce((left, right) => b.and(left, right)),
            body: () => visit(which, least),
          })),
        );
      advance(b, walked, matches(b, here, least));
    });
  }
}

/** Two operands: three cases, each of which moves on who was there. `visit` takes the places of those. */
function emitPair(
  b: LoopEmitter["b"],
  { walked, here }: { readonly walked: readonly MergeOperand[]; readonly here: readonly Value[] },
  visit: (present: readonly number[]) => void,
): void {
  const [first, second] = here as [Value, Value];
  const step = (present: readonly number[]): void => {
    visit(present);
    for (const at of present) b.set(walked[at]!.from, b.add(walked[at]!.from, 1));
  };
  b.if(
    b.equal(first, second),
    () => step([0, 1]),
    () =>
      b.if(
        b.less(first, second),
        () => step([0]),
        () => step([1]),
      ),
  );
}

interface Case {
  readonly condition: () => Value;
  readonly body: () => void;
}

function emitCases(b: LoopEmitter["b"], [first, ...rest]: readonly Case[]): void {
  if (first === undefined) return;
  b.if(first.condition(), first.body, rest.length === 0 ? undefined : () => emitCases(b, rest));
}

/** Any number of operands: the least coordinate of those that are not at their end, with a flag for each. */
function emitUnion(emitter: LoopEmitter, loop: FormulaLoop, body: Body): void {
  const { b } = emitter;
  const { operands, merged, formula } = loop;
  const beyond = b.i32(2 ** 31 - 1);
  const here = operands.map(({ name }) => b.local(`c_${name}`, beyond));
  const read = (at: number): void => {
    const { from, until, coordinates } = operands[at]!;
    b.if(
      b.less(from, until),
      () => b.set(here[at]!, b.load(coordinates, from)),
      () => b.set(here[at]!, beyond),
    );
  };
  operands.forEach((_, at) => {
    read(at);
  });
  const inside = (at: number): Value => b.less(operands[at]!.from, operands[at]!.until);
  b.while(
    () => conditionOf(b, formula, { merged, inside }),
    () => {
      const least = b.local("c", smallest(b, here));
      const flags = here.map((coordinate, at) => b.local(`${operands[at]!.name}_here`, b.equal(coordinate, least)));
      body(least, states(operands, flags));
      operands.forEach(({ from }, at) => {
        b.if(flags[at]!, () => {
          b.set(from, b.add(from, 1));
          read(at);
        });
      });
    },
  );
}

/** Whether the formula can still be there, given which operands are not at their end. */
function conditionOf(
  b: LoopEmitter["b"],
  formula: Formula,
  at: { readonly merged: readonly number[]; readonly inside: (at: number) => Value },
): Value {
  const evaluate = (node: Formula): Value | boolean => {
    switch (node.kind) {
      case "literal":
        return true;
      case "operand": {
        const place = at.merged.indexOf(node.operand);
        return place < 0 ? true : at.inside(place);
      }
      case "negate":
        return evaluate(node.operand);
      case "divide":
        return evaluate(node.left);
      default: {
        const left = evaluate(node.left);
        const right = evaluate(node.right);
        const neutral = node.kind === "multiply";
        if (typeof left === "boolean") return left === neutral ? right : left;
        if (typeof right === "boolean") return right === neutral ? left : right;
        return neutral ? b.and(left, right) : b.or(left, right);
      }
    }
  };
  const condition = evaluate(formula);
  return typeof condition === "boolean" ? b.constant("bool", condition) : condition;
}

function whileInside({ b }: LoopEmitter, operands: readonly MergeOperand[], body: () => void): void {
  b.while(
    () => operands.map(({ from, until }) => b.less(from, until)).reduce((left, right) => b.and(left, right)),
    body,
  );
}

/** The least of some values, by halves: the shorter the chain of comparisons, the sooner the next step can begin. */
function smallest(b: LoopEmitter["b"], values: readonly Value[]): Value {
  if (values.length === 1) return values[0]!;
  const half = values.length >> 1;
  return b.minimum(smallest(b, values.slice(0, half)), smallest(b, values.slice(half)));
}

function matches(b: LoopEmitter["b"], here: readonly Value[], least: Value): Value[] {
  return here.map((coordinate) => b.equal(coordinate, least));
}

/** Moves on whoever is flagged, without a branch. */
function advance(b: LoopEmitter["b"], operands: readonly MergeOperand[], flags: readonly Value[]): void {
  operands.forEach(({ from }, at) => {
    b.set(from, b.add(from, operands.length === 1 ? 1 : b.convert("i32", flags[at]!)));
  });
}
