import {
  type Dimension,
  Program,
  parseTokens,
  printTokens,
  ragged,
  regular,
  Stop,
  type Stream,
  scalar,
  source,
  type Token,
  tile,
  type Value,
} from "../../src/index.ts";

/** Tokens of scalars from text such as `1.2.S1.D`; words stand for their letter's code. */
export function scalars(text: string, rank: number): Token<Value>[] {
  return parseTokens({ name: "<stream>", text }, rank).map((token) => {
    if (token instanceof Stop) return token;
    return scalar(typeof token === "number" ? token : token.charCodeAt(0));
  });
}

/** Text of a stream of scalars. */
export function shown(tokens: readonly Token<Value>[] | undefined): string {
  return printTokens(tokens ?? []);
}

/** A program with one source of scalars of dynamic shape; `ragged` lists its ragged dimensions. */
export function scalarSource(
  rank: number,
  raggedDimensions: readonly number[] = [],
): { program: Program; input: Stream } {
  const program = new Program("test");
  const shape = Array.from({ length: rank + 1 }, (_, place): Dimension => {
    const index = rank - place;
    const name = `D${index}`;
    program.symbol(name);
    return raggedDimensions.includes(index) ? ragged(name) : regular(program.symbol(name));
  });
  return { program, input: source(program, { id: "x", shape, element: tile("f32", 1, 1) }) };
}
