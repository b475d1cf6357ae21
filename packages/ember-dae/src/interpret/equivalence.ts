/**
 * Whether two programs store the same, store by store: the elements in the order in which they are stored, with their bits.
 * Every level keeps that order, so the first difference is the place where a program goes wrong.
 */
import { EmberError } from "../errors.ts";
import type { Program } from "../ir/op.ts";
import { interpret } from "./interpret.ts";
import { interpretDlc } from "./interpret-dlc.ts";
import type { Memory } from "./memory.ts";

/** The first store in which a program differs from its reference. */
export interface StoreDifference {
  /** How many stores agreed before it. */
  readonly store: number;
  /** The memory, as the place of an argument, and the element in it; of the reference if it stores anything there. */
  readonly argument: number;
  readonly indices: readonly number[];
  /** What is stored; undefined where the program, or the reference, has ended. */
  readonly expected: number | undefined;
  readonly given: number | undefined;
  /** Why the program ended early. */
  readonly fault: string | undefined;
}

interface Store {
  readonly argument: number;
  readonly place: number;
  readonly value: number;
}

/** Ends a run at the first difference. */
class Stop extends Error {}

/**
 * Runs both programs, of any levels, on copies of the same memories.
 *
 * @throws {EmberError} what the reference throws
 */
export function firstDifference(
  reference: Program,
  candidate: Program,
  memories: readonly (Memory | number)[],
): StoreDifference | undefined {
  const expected: Store[] = [];
  run(
    reference,
    watched(memories, (store) => expected.push(store)),
  );
  let at = 0;
  let given: Store | undefined;
  let fault: string | undefined;
  try {
    const compare = (store: Store) => {
      const wanted = expected[at];
      given = store;
      if (wanted === undefined || !same(wanted, store)) throw new Stop();
      at += 1;
      given = undefined;
    };
    run(candidate, watched(memories, compare));
  } catch (error) {
    if (error instanceof EmberError) fault = error.message;
    else if (!(error instanceof Stop)) throw error;
  }
  const wanted = expected[at];
  const differing = wanted ?? given;
  if (differing === undefined) return undefined;
  const { shape } = memories[differing.argument] as Memory;
  const values = { expected: wanted?.value, given: given?.value, fault };
  return { store: at, argument: differing.argument, indices: indicesOf(shape, differing.place), ...values };
}

/** A difference in words. */
export function describeDifference({ store, argument, indices, expected, given, fault }: StoreDifference): string {
  const said = (value: number | undefined) => (value === undefined ? "nothing" : String(value));
  const end = fault === undefined ? "" : `: ${fault}`;
  return `store ${store}, to argument ${argument} at [${indices.join(", ")}]: ${said(given)} instead of ${said(expected)}${end}`;
}

function run(program: Program, memories: readonly (Memory | number)[]): void {
  if (program.body.ops.some(({ name }) => name === "dlc.access")) interpretDlc(program, memories);
  else interpret(program, memories);
}

function watched(memories: readonly (Memory | number)[], told: (store: Store) => void): (Memory | number)[] {
  return memories.map((memory, argument) => {
    if (typeof memory === "number") return memory;
    const onStore = (place: number, value: number) => told({ argument, place, value });
    return { ...memory, array: memory.array.slice(), onStore };
  });
}

function same(a: Store, b: Store): boolean {
  return a.argument === b.argument && a.place === b.place && Object.is(a.value, b.value);
}

function indicesOf(shape: readonly number[], place: number): number[] {
  const indices: number[] = [];
  let rest = place;
  for (const extent of [...shape].reverse()) {
    indices.unshift(rest % extent);
    rest = Math.floor(rest / extent);
  }
  return indices;
}
