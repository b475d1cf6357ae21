/** Compares a functional run with the untimed interpreter. */
import {
  BufferValue,
  type Inputs,
  interpret,
  type Program,
  SelectorValue,
  Stop,
  TileValue,
  type TimedResults,
  type Token,
  TupleValue,
  type Value,
} from "@millrace/step-ir";

/** How many numbers were compared, and how many differ. */
export interface RunCheck {
  readonly compared: number;
  readonly differing: number;
}

/** Interprets `program` in the order that the run recorded, and compares outputs and tensors bit for bit. */
export function checkRun(
  program: Program,
  inputs: Inputs,
  { orders, outputs = {}, tensors = {} }: TimedResults,
): RunCheck {
  const reference = interpret(program, { ...inputs, orders });
  let compared = 0;
  let differing = 0;
  const compare = (found: readonly number[] | Float64Array, expected: readonly number[] | Float64Array): void => {
    compared += Math.max(found.length, expected.length);
    differing += Math.abs(found.length - expected.length);
    for (const [at, number] of found.entries()) if (!Object.is(number, expected[at])) differing += 1;
  };
  for (const [name, numbers] of Object.entries(reference.tensors)) compare(tensors[name] ?? [], numbers);
  for (const [id, tokens] of Object.entries(reference.outputs)) compare(flat(outputs[id] ?? []), flat(tokens));
  return { compared, differing };
}

/** The numbers of a stream, with its stops as negative levels. */
function flat(tokens: readonly Token<Value>[]): number[] {
  return tokens.flatMap((token) => (token instanceof Stop ? [-token.level] : numbersOf(token)));
}

function numbersOf(value: Value): number[] {
  if (value instanceof TileValue) return [value.rows, value.columns, value.validRows, ...value.numbers];
  if (value instanceof SelectorValue) return [...value.chosen];
  if (value instanceof BufferValue) return value.tiles.flatMap(numbersOf);
  return value instanceof TupleValue ? value.parts.flatMap(numbersOf) : [];
}
