/** The functions known by name. */
import { nearest } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import type { OwnFunction } from "../program/attributes.ts";
import { accumFunctions } from "./accumulate.ts";
import { binaryFunctions, unaryFunctions } from "./elementwise.ts";
import type { AccumFunction, FlatMapFunction, MapFunction } from "./function.ts";
import { matmulFunctions } from "./matmul.ts";
import { rowFunctions } from "./row-functions.ts";
import { flatMapFunctions } from "./spread.ts";

/** All functions for `map`. */
export const mapFunctions: readonly MapFunction[] = [
  ...unaryFunctions,
  ...binaryFunctions,
  ...matmulFunctions,
  ...rowFunctions,
];

export { accumFunctions, flatMapFunctions };

/** @throws {StepError} `function-unknown` with the name that was most likely meant. */
export function mapFunction(given: string | OwnFunction): MapFunction {
  return find("map", mapFunctions, given);
}

/** @throws {StepError} `function-unknown` with the name that was most likely meant. */
export function accumFunction(given: string | OwnFunction): AccumFunction {
  return find("accum", accumFunctions, given);
}

/** @throws {StepError} `function-unknown` with the name that was most likely meant. */
export function flatMapFunction(given: string | OwnFunction): FlatMapFunction {
  return find("flat-map", flatMapFunctions, given);
}

// What tells a function for one operator from those for the others.
const kinds = {
  map: (fn: OwnFunction): boolean => "apply" in fn && "arity" in fn,
  accum: (fn: OwnFunction): boolean => "update" in fn,
  "flat-map": (fn: OwnFunction): boolean => "apply" in fn && !("arity" in fn),
};

function find<F extends OwnFunction>(operator: keyof typeof kinds, all: readonly F[], given: string | OwnFunction): F {
  if (typeof given !== "string") {
    if (kinds[operator](given)) return given as F;
    throw new StepError("function-unknown", `${operator} cannot use '${given.name}', a function for another operator`);
  }
  const found = all.find((one) => one.name === given);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  const close = nearest(given, names);
  const hint = close === undefined ? `known are ${names.join(", ")}` : `did you mean '${close}'?`;
  throw new StepError("function-unknown", `${operator} has no function '${given}'; ${hint}`, { hint });
}
