import { StepError } from "../../errors.ts";
import { multiply } from "../../extent/arithmetic.ts";
import { build, type NodeName } from "../../program/build.ts";
import type { Operator } from "../../program/operator.ts";
import type { Stream } from "../../program/program.ts";
import { expectSameShape } from "../../program/rules.ts";
import { acknowledgementType, bytesOf } from "../../stream/element-type.ts";
import { cardinality } from "../../stream/shape.ts";
import { scalar, type TileValue } from "../../stream/value.ts";
import { storedTile } from "./linear-store.ts";
import { expectAddresses } from "./random-load.ts";
import { expectAddress, expectTiling, writeTile } from "./traffic.ts";

/** Writes one tile per address and answers each with an acknowledgement. */
export const randomStoreOperator: Operator = {
  name: "random-store",
  about: "Stores one tile per address in an off-chip tensor, and acknowledges each.",
  ports: ["address", "input"],
  attributes: {
    tensor: { kind: "word", about: "the tensor to write" },
    depth: { kind: "integer", about: "tiles held on chip", optional: true, least: 1 },
    dispatch: { kind: "integer", about: "bursts handed over per cycle", optional: true, least: 1 },
  },
  infer(node) {
    expectAddresses(node);
    expectTiling(node, node.attributes.word("tensor"), storedTile(node, 1));
    expectSameShape(node, ["address", "input"]);
    return [{ shape: node.inputs[0]!.shape, element: acknowledgementType }];
  },
  offChipBytes: ({ inputs: [, input] }) => multiply(cardinality(input!.shape), bytesOf(input!.element)),
  onChipBytes({ inputs: [, input], attributes }, { profile }) {
    return multiply(profile === "paper" ? 2 : attributes.number("depth", 1), bytesOf(input!.element));
  },
  *interpret(node, wires) {
    const tensor = wires.tensor(node.attributes.word("tensor"));
    const size = storedTile(node, 1);
    for (;;) {
      const address = yield* wires.take(0);
      const input = yield* wires.take(1);
      expectSameStop(node, address, input);
      if (address === undefined || input === undefined) return;
      if (address.value === undefined) wires.emit(0, undefined, address.stop);
      else {
        const index = (address.value as TileValue).numbers[0]!;
        expectAddress(node, tensor, size, index);
        writeTile(tensor, input.value as TileValue, index);
        wires.emit(0, scalar(1), address.stop);
      }
    }
  },
};

/**
 * Checks that two inputs of one node go in step.
 *
 * @throws {StepError} `stops-mismatch` unless both have a value or both have none, and the same stop.
 */
export function expectSameStop(
  node: { readonly id: string; readonly operator: string },
  a: { readonly value: unknown; readonly stop: number } | undefined,
  b: { readonly value: unknown; readonly stop: number } | undefined,
): void {
  const show = (slot: typeof a): string => {
    if (slot === undefined) return "the end";
    const stop = slot.stop > 0 ? `S${slot.stop}` : "";
    return slot.value === undefined ? `${stop} of an empty group` : `a value${stop === "" ? "" : ` before ${stop}`}`;
  };
  if (a?.stop === b?.stop && (a?.value === undefined) === (b?.value === undefined)) return;
  const message = `${node.operator} "${node.id}": its inputs are out of step: ${show(a)} beside ${show(b)}`;
  throw new StepError("stops-mismatch", message, {
    node: node.id,
    rule: "streams that are read together have their values and stops at the same places",
    hint: "compare where their groups end: a dimension that both call the same may have other sizes in each",
  });
}

/** Adds a store by address. */
export function randomStore(
  address: Stream,
  input: Stream,
  options: NodeName & { tensor: string; depth?: number; dispatch?: number },
): Stream {
  return build(randomStoreOperator, [address, input], { ...options }).outputs[0]!;
}
