/**
 * A token per row instead of one per vector: vectors of an innermost loop go to buffers, and one callback behind the loop
 * takes them out. Their places and masks are computed by the execute unit.
 */
import {
  append,
  type Block,
  cloneOp,
  cloneProgram,
  makeBlock,
  makeOp,
  type Op,
  type Program,
  resultOf,
  type Value,
} from "../ir/op.ts";
import { asVector, heldBy, vectorOf } from "../ir/types.ts";
import { bodyOf, constantOf, eachLoop, onlyCallback } from "./loops.ts";

/** Buffers every vector loop that goes from 0 to an end that is known outside of all loops. */
export function bufferize(program: Program): Program {
  const copy = cloneProgram(program);
  const known = new Set([...copy.body.args, ...copy.body.ops.flatMap(({ results }) => results)]);
  eachLoop(copy, (loop, parent) => {
    const callback = onlyCallback(loop);
    if (loop.name !== "slcv.for" || callback === undefined) return;
    if (constantOf(copy, loop.operands[0] as Value) !== 0 || !known.has(loop.operands[1] as Value)) return;
    buffer({ copy, loop, parent, callback });
  });
  return copy;
}

interface Site {
  readonly copy: Program;
  readonly loop: Op;
  readonly parent: Block;
  readonly callback: Op;
}

function buffer({ copy, loop, parent, callback }: Site): void {
  const body = bodyOf(loop);
  const lanes = Number(loop.attributes.lanes);
  const [places, masks] = body.args as [Value, Value];
  const inner = new Set([...body.args, ...body.ops.flatMap(({ results }) => results)]);
  const [zero, end] = loop.operands as [Value, Value];
  const late = makeBlock();
  const turn = makeBlock(["index"]);
  const first = turn.args[0] as Value;
  const map = new Map<Value, Value>();
  const buffers: Op[] = [];
  const fills: Op[] = [];
  for (const op of (callback.regions[0] as Block).ops) {
    const stream = op.name === "slc.from_stream" ? (op.operands[0] as Value) : undefined;
    if (stream === undefined) turn.ops.push(cloneOp(op, map));
    else if (stream === places)
      map.set(resultOf(op), append(turn, "slcv.indices", [first], { type: vectorOf(lanes, "index") }));
    else if (stream === masks)
      map.set(resultOf(op), append(turn, "slcv.mask", [first, end], { type: vectorOf(lanes, "i1") }));
    else if (!inner.has(stream)) late.ops.push(cloneOp(op, map));
    else {
      const type = heldBy("stream", stream.type) as string;
      // A scalar of the innermost loop would need a queue of its own: the loop stays.
      if (asVector(type) === undefined) return;
      const held = makeOp("slcv.buffer", [], { results: [`!slc.buffer<${type}>`] });
      buffers.push(held);
      fills.push(makeOp("slcv.to_buffer", [stream, resultOf(held)]));
      map.set(resultOf(op), append(turn, "slcv.from_buffer", [resultOf(held), first], { type }));
    }
  }
  turn.ops.push(makeOp("scf.yield", []));
  const step = makeOp("arith.constant", [], { results: ["index"], attributes: { value: lanes } });
  copy.body.ops.unshift(step);
  late.ops.push(makeOp("scf.for", [zero, end, resultOf(step)], { regions: [turn] }));
  body.ops.splice(body.ops.indexOf(callback), 1, ...fills);
  place(parent, loop, buffers, late);
}

// Behind the loop, joined with a callback that stands there already.
function place(parent: Block, loop: Op, buffers: readonly Op[], late: Block): void {
  const at = parent.ops.indexOf(loop);
  const next = parent.ops.slice(at + 1).find(({ name }) => name === "slc.callback" || name.endsWith(".for"));
  if (next?.name === "slc.callback") (next.regions[0] as Block).ops.unshift(...late.ops);
  else parent.ops.splice(at + 1, 0, makeOp("slc.callback", [], { regions: [late] }));
  parent.ops.splice(at, 0, ...buffers);
}
