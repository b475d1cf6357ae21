/** The functions known by name. */
import { nearest } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
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
export function mapFunction(name: string): MapFunction {
  return find("map", mapFunctions, name);
}

/** @throws {StepError} `function-unknown` with the name that was most likely meant. */
export function accumFunction(name: string): AccumFunction {
  return find("accum", accumFunctions, name);
}

/** @throws {StepError} `function-unknown` with the name that was most likely meant. */
export function flatMapFunction(name: string): FlatMapFunction {
  return find("flat-map", flatMapFunctions, name);
}

function find<F extends { readonly name: string }>(operator: string, all: readonly F[], name: string): F {
  const found = all.find((one) => one.name === name);
  if (found !== undefined) return found;
  const names = all.map((one) => one.name);
  const close = nearest(name, names);
  const hint = close === undefined ? `known are ${names.join(", ")}` : `did you mean '${close}'?`;
  throw new StepError("function-unknown", `${operator} has no function '${name}'; ${hint}`, { hint });
}
