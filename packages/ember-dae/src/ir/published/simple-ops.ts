/** Operations of the published compiler without blocks, as they are printed there, and as what they are read. */
import { append, makeOp, Value } from "../op.ts";
import type { TextCursor } from "../text-cursor.ts";
import { asMemory, isFloat } from "../types.ts";
import { type Place, readIndices, readMeaning, readValue } from "./place.ts";

/** Reads what stands behind the name of an operation, and gives what it defines. */
export type SimpleReader = (cursor: TextCursor, place: Place, result: string | undefined) => Value | undefined;

const addressOperators: Readonly<Record<string, string>> = { add: "addi", sub: "subi", mul: "muli", div: "divsi" };

/** `: a, b -> c`, of which nothing is needed: types follow from operands. */
function skipTypes(cursor: TextCursor): void {
  cursor.expect(":");
  do {
    if (cursor.peek("(")) cursor.typeList();
    else cursor.type();
    if (cursor.accept("[")) {
      do cursor.type();
      while (cursor.accept(","));
      cursor.expect("]");
    }
  } while (cursor.accept(",") || cursor.accept("->"));
}

/** `: a to b`, `… into b`, `… -> b`: the last type. */
function resultType(cursor: TextCursor, word: "to" | "into" | "->"): string {
  cursor.expect(":");
  do {
    cursor.type();
    if (cursor.accept("[")) {
      do cursor.type();
      while (cursor.accept(","));
      cursor.expect("]");
    }
  } while (cursor.accept(","));
  cursor.expect(word);
  return cursor.type();
}

function memoryElement(cursor: TextCursor, memory: Value, start: number): string {
  return asMemory(memory.type)?.element ?? cursor.fail(`${memory.type} is no memory`, start);
}

/** Vectors that are constants stand only where a mask or a filler is asked for, and are not looked at there. */
const constant: SimpleReader = (cursor, { block }) => {
  const text = cursor.match(/dense<[^>]*>|-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?/y) ?? cursor.fail("expected a constant");
  cursor.expect(":");
  const type = cursor.type();
  const value = text.startsWith("dense") ? 0 : Number(text);
  return append(block, "arith.constant", [], {
    type: text.startsWith("dense") ? "index" : type,
    attributes: { value },
  });
};

const stream =
  (name: "slc.mem_stream" | "slcv.mem_stream"): SimpleReader =>
  (cursor, place) => {
    const memory = readValue(cursor, place);
    const operands = [memory, ...readIndices(cursor, place)];
    const type = resultType(cursor, "into");
    if (name === "slcv.mem_stream") {
      if (place.mask === undefined) return cursor.fail("a stream of vectors stands outside of a loop over vectors");
      operands.push(place.mask);
    }
    const nontemporal = /\{\s*nontemporal(?:\s*=\s*true)?\s*\}/y;
    const attributes = cursor.match(nontemporal) === undefined ? {} : { nontemporal: true };
    return append(place.block, name, operands, { type, attributes });
  };

const mask =
  (name: "slcv.mask" | "slcv.indices"): SimpleReader =>
  (cursor, place) => {
    const [index, , end] = Array.from({ length: 4 }, () => readValue(cursor, place)) as [Value, Value, Value, Value];
    cursor.expect(":");
    const type = cursor.type();
    return append(place.block, name, name === "slcv.mask" ? [index, end] : [index], { type });
  };

/** By the name that the published compiler prints. */
export const simpleOps: Readonly<Record<string, SimpleReader>> = {
  "arith.constant": constant,
  "arith.index_cast": (cursor, place) => {
    const from = readValue(cursor, place);
    const type = resultType(cursor, "to");
    return from.type === type ? from : append(place.block, "arith.index_cast", [from], { type });
  },
  // The descriptor of a sparse tensor is its number of rows, the one field of it that is read.
  "llvm.extractvalue": (cursor, place) => {
    const descriptor = readValue(cursor, place);
    cursor.expect("[0, 0]");
    cursor.expect(":");
    cursor.type();
    return descriptor;
  },
  "memref.dim": (cursor, place) => {
    const memory = readValue(cursor, place);
    cursor.expect(",");
    const axis = readValue(cursor, place);
    skipTypes(cursor);
    return append(place.block, "memref.dim", [memory, axis], { type: "index" });
  },
  "memref.load": (cursor, place) => {
    const start = cursor.skip();
    const memory = readValue(cursor, place);
    const indices = readIndices(cursor, place);
    skipTypes(cursor);
    return append(place.block, "memref.load", [memory, ...indices], { type: memoryElement(cursor, memory, start) });
  },
  "memref.store": (cursor, place) => {
    const value = readValue(cursor, place);
    cursor.expect(",");
    const memory = readValue(cursor, place);
    place.block.ops.push(makeOp("memref.store", [value, memory, ...readIndices(cursor, place)]));
    skipTypes(cursor);
    return undefined;
  },
  // A constant of both units is a stream wherever one is asked for.
  "slc.to_stream": (cursor, place) => {
    const value = readValue(cursor, place);
    resultType(cursor, "to");
    return value;
  },
  // A buffer is read in place.
  "slc.from_stream": (cursor, place) => {
    const from = readValue(cursor, place);
    const type = resultType(cursor, "to");
    return from.type.startsWith("!slc.buffer<") ? from : append(place.block, "slc.from_stream", [from], { type });
  },
  "slc.mem_stream": stream("slc.mem_stream"),
  "slcv.mem_stream": stream("slcv.mem_stream"),
  "slc.alu_stream": (cursor, place) => {
    const start = cursor.skip();
    const operator =
      cursor
        .match(/<\s*\w+\s*>/y)
        ?.slice(1, -1)
        .trim() ?? "";
    const known = addressOperators[operator] ?? cursor.fail("expected <add>, <sub>, <mul> or <div>", start);
    const left = readValue(cursor, place);
    cursor.expect(",");
    const operands = [left, readValue(cursor, place)];
    const type = resultType(cursor, "->");
    return append(place.block, "slc.alu_stream", operands, { type, attributes: { operator: known } });
  },
  "slcv.buffer": (cursor, { block }, result = "") => {
    cursor.expect(":");
    cursor.type();
    // What it holds is said where something is put into it.
    const name = result.replaceAll(/[$.]/g, "\\$&");
    const put = new RegExp(
      `to_buffer\\s+%[\\w$.-]+\\s*,\\s*${name}\\[[^\\]]*\\]\\s*:\\s*!slc\\.stream<(vector<\\w+>)>`,
    );
    const type = put.exec(cursor.source.text)?.[1] ?? cursor.fail(`nothing is put into the buffer ${result}`);
    return append(block, "slcv.buffer", [], { type: `!slc.buffer<${type}>` });
  },
  "slcv.to_buffer": (cursor, place) => {
    const value = readValue(cursor, place);
    cursor.expect(",");
    const buffer = readValue(cursor, place);
    readIndices(cursor, place);
    skipTypes(cursor);
    place.block.ops.push(makeOp("slcv.to_buffer", [value, buffer]));
    return undefined;
  },
  "slcv.from_buffer": (cursor, place) => {
    const start = cursor.skip();
    const buffer = readMeaning(cursor, place);
    if ("popped" in buffer) {
      readIndices(cursor, place);
      return append(place.block, "dlc.pop", [], { type: resultType(cursor, "->") });
    }
    if (!(buffer instanceof Value)) return cursor.fail("expected a buffer", start);
    const [index] = readIndices(cursor, place) as [Value];
    const type = resultType(cursor, "->");
    return append(place.block, "slcv.from_buffer", [buffer, index], { type });
  },
  "slcv.mask": mask("slcv.mask"),
  "slcv.indices": mask("slcv.indices"),
  "vector.maskedload": (cursor, place) => {
    const memory = readValue(cursor, place);
    const indices = readIndices(cursor, place);
    cursor.expect(",");
    const active = readValue(cursor, place);
    cursor.expect(",");
    cursor.valueName();
    const type = resultType(cursor, "into");
    return append(place.block, "slcv.masked_load", [memory, ...indices, active], { type });
  },
  "vector.maskedstore": (cursor, place) => {
    const memory = readValue(cursor, place);
    const indices = readIndices(cursor, place);
    cursor.expect(",");
    const active = readValue(cursor, place);
    cursor.expect(",");
    const value = readValue(cursor, place);
    skipTypes(cursor);
    place.block.ops.push(makeOp("slcv.masked_store", [value, memory, ...indices, active]));
    return undefined;
  },
  // What passes leave for each other says nothing to anyone else.
  "slcv.vectorize_for": () => undefined,
  "slc.accelerate_for": () => undefined,
};

/** Arithmetic of two operands of one type. */
export function arithmetic(name: string): SimpleReader | undefined {
  if (!/^arith\.(?:(?:add|sub|mul|div|max|min)f|(?:add|sub|mul)i|(?:max|min|div|rem)si)$/.test(name)) return undefined;
  return (cursor, place) => {
    const start = cursor.skip();
    const left = readValue(cursor, place);
    cursor.expect(",");
    const right = readValue(cursor, place);
    cursor.expect(":");
    const type = cursor.type();
    if (left.type !== type || right.type !== type || isFloat(type) !== name.endsWith("f"))
      cursor.fail(`${name} of ${left.type} and ${right.type}, as ${type}`, start);
    return append(place.block, name, [left, right], { type });
  };
}
