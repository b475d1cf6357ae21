/** Loops that only copy leave the execute unit out: the access unit stores what it has read. */
import { type Block, cloneProgram, makeOp, type Op, type Program, type Value, walk } from "../ir/op.ts";
import { bodyOf, eachLoop, onlyCallback } from "./loops.ts";

/** Replaces callbacks that store heads of streams at places that are heads of streams, where nothing reads what is stored. */
export function storeStreams(program: Program): Program {
  const copy = cloneProgram(program);
  const all = [...walk(copy.body)];
  const read = new Set(all.filter(({ name }) => /load$|mem_stream$/.test(name)).map(({ operands }) => operands[0]));
  const stores = all.filter(({ name }) => name === "memref.store");
  eachLoop(copy, (loop) => {
    const callback = onlyCallback(loop);
    if (callback === undefined) return;
    const { ops } = callback.regions[0] as Block;
    const heads = new Map<Value, Value>();
    for (const op of ops) if (op.name === "slc.from_stream") heads.set(op.results[0] as Value, op.operands[0] as Value);
    const [store, ...others] = ops.filter(({ name }) => name !== "slc.from_stream");
    if (store?.name !== "memref.store" || others.length > 0) return;
    const [value, memory, ...places] = store.operands as [Value, Value, ...Value[]];
    const alone = stores.filter(({ operands }) => operands[1] === memory).length === 1;
    if (!alone || read.has(memory) || ![value, ...places].every((operand) => heads.has(operand))) return;
    const streams = places.map((operand) => heads.get(operand) as Value);
    const stream: Op = makeOp("slc.store_stream", [heads.get(value) as Value, memory, ...streams]);
    bodyOf(loop).ops.splice(bodyOf(loop).ops.indexOf(callback), 1, stream);
  });
  return copy;
}
