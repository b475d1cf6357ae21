/**
 * Only vectors of one width in the data queue: where the execute unit can count the turns of a loop itself, the loop's
 * index is not sent. Loads and stores at consecutive places become masked loads and stores of a whole vector.
 */
import {
  append,
  type Block,
  cloneProgram,
  makeBlock,
  makeOp,
  type Op,
  type Program,
  resultOf,
  type Value,
  walk,
} from "../ir/op.ts";
import { heldBy } from "../ir/types.ts";
import { bodyOf, eachLoop, isAccessLoop } from "./loops.ts";

/** Replaces indices of loops that start at a value both units know by counters, and simplifies memory operations. */
export function alignQueues(program: Program): Program {
  const copy = cloneProgram(program);
  const known = new Set([...copy.body.args, ...copy.body.ops.flatMap(({ results }) => results)]);
  eachLoop(copy, (loop, parent) => {
    const [from, , step] = loop.operands as [Value, Value, Value];
    if (loop.name !== "slc.for" || !known.has(from) || !known.has(step)) return;
    const stream = bodyOf(loop).args[0] as Value;
    const readers = [...walk(bodyOf(loop))].filter(
      ({ name, operands }) => name === "slc.from_stream" && operands[0] === stream,
    );
    if (readers.length > 0) count(copy, { loop, parent, stream });
  });
  for (const op of walk(copy.body)) simplify(op, copy.body);
  return copy;
}

function count(program: Program, { loop, parent, stream }: { loop: Op; parent: Block; stream: Value }): void {
  const [from, , step] = loop.operands as [Value, Value, Value];
  const variable = makeOp("slc.variable", [from], { results: ["!slc.variable<index>"] });
  const at = program.body.ops.findIndex(isAccessLoop);
  const outermost = parent === program.body;
  program.body.ops.splice(outermost ? program.body.ops.indexOf(loop) : at, 0, variable);
  if (!outermost) callbackBefore(parent, loop).ops.push(makeOp("slc.set", [from, resultOf(variable)]));
  readCounter(bodyOf(loop), stream, resultOf(variable));
  const last = lastCallback(bodyOf(loop));
  const now = append(last, "slc.get", [resultOf(variable)], { type: "index" });
  const next = append(last, "arith.addi", [now, step], { type: "index" });
  last.ops.push(makeOp("slc.set", [next, resultOf(variable)]));
}

function readCounter(block: Block, stream: Value, variable: Value): void {
  for (const [place, op] of block.ops.entries()) {
    if (op.name === "slc.from_stream" && op.operands[0] === stream)
      block.ops[place] = { ...op, name: "slc.get", operands: [variable] };
    for (const region of op.regions) readCounter(region, stream, variable);
  }
}

function callbackBefore(block: Block, loop: Op): Block {
  const at = block.ops.indexOf(loop);
  for (let i = at - 1; i >= 0; i--) {
    const op = block.ops[i] as Op;
    if (op.name === "slc.callback") return op.regions[0] as Block;
    if (isAccessLoop(op)) break;
  }
  const region = makeBlock();
  block.ops.splice(at, 0, makeOp("slc.callback", [], { regions: [region] }));
  return region;
}

// The callback at the end of every turn, which does not also belong to a row. Tokens of rows and of bags stay apart.
function lastCallback(block: Block): Block {
  const after = block.ops.slice(block.ops.findLastIndex(isAccessLoop) + 1);
  const found = after.find(({ name }) => name === "slc.callback");
  if (found !== undefined) return found.regions[0] as Block;
  const region = makeBlock();
  block.ops.push(makeOp("slc.callback", [], { regions: [region] }));
  return region;
}

const whole: Readonly<Record<string, string>> = { "slcv.load": "slcv.masked_load", "slcv.store": "slcv.masked_store" };

// Gathers at indices that were made by counting on from a first one.
function simplify(op: Op, body: Block): void {
  for (const region of op.regions) {
    for (const [place, inner] of region.ops.entries()) {
      const name = whole[inner.name];
      if (name === undefined) continue;
      const last = inner.operands.at(-2) as Value;
      const made = [...walk(body)].find(({ name, results }) => name === "slcv.indices" && results[0] === last);
      if (made === undefined || heldBy("stream", last.type) !== undefined) continue;
      const operands = inner.operands.map((operand) => (operand === last ? (made.operands[0] as Value) : operand));
      region.ops[place] = { ...inner, name, operands };
    }
  }
}
