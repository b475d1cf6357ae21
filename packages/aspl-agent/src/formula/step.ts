import { AsplError } from "../errors.ts";
import { describeShape, type FormulaArray } from "./array.ts";

/** A step of a formula: `run` fills `result` from the arrays that it was made with. */
export interface Step {
  readonly result: FormulaArray;
  readonly run: () => void;
}

/** Makes the step of a call. */
export type Make = (args: readonly FormulaArray[], name: string) => Step;

/** @throws {AsplError} `formula`, always. */
export function refuse(name: string, wanted: string, args: readonly FormulaArray[]): never {
  const given = args.map(({ shape }) => describeShape(shape)).join(" and ");
  throw new AsplError("formula", `${name} takes ${wanted}, not ${given}`);
}
