/** What every program must satisfy: known operations, definitions before uses, types, and matching queues. */
import { EmberError } from "../errors.ts";
import { arithmeticNames } from "../interpret/arithmetic.ts";
import { tmuNames, tmuToDlc } from "../interpret/interpret-tmu.ts";
import type { Block, Op, Program, Value } from "./op.ts";
import { asMemory, heldBy } from "./types.ts";

/** Checks a program of any level. @throws {EmberError} `ir-invalid` naming all faults; `stage` says behind which pass */
export function verify(program: Program, stage: string): void {
  const faults: string[] = [];
  const configured = program.body.ops.filter(({ name }) => name === "tmu.configure");
  for (const op of configured) checkConfiguration(op, faults);
  if (configured.length > 0 && faults.length === 0) {
    verify(tmuToDlc(program), stage);
    return;
  }
  checkBlock(program.body, { defined: new Set(), unit: "both", faults });
  for (const [at, op] of program.body.ops.entries()) {
    const execute = program.body.ops[at + 1];
    if (op.name === "dlc.access" && execute?.name === "dlc.execute") checkQueues(op, execute, faults);
  }
  if (faults.length > 0)
    throw new EmberError("ir-invalid", `${program.name} after ${stage}: ${faults.slice(0, 8).join("; ")}`);
}

interface Context {
  readonly defined: ReadonlySet<Value>;
  /** Which unit runs the code. */
  readonly unit: "both" | "access" | "execute";
  readonly faults: string[];
}

const structure = new Set([
  "arith.constant",
  "func.return",
  "memref.dim",
  "memref.load",
  "memref.store",
  "scf.for",
  "scf.if",
  "scf.yield",
]);
const accessOnly =
  /^slc\.(?:for|mem_stream|alu_stream|to_stream|store_stream|callback)$|^slcv\.(?:for|mem_stream|alu_stream|store_stream|buffer|to_buffer)$|^dlc\.(?:tu|induction|mask|push|token)$/;
const executeOnly =
  /^slc\.(?:from_stream|get|set)$|^slcv\.(?:load|store|masked_load|masked_store|broadcast|indices|mask|from_buffer|ordered_reduction)$|^dlc\.pop$/;
const either = new Set(["slc.variable", "dlc.access", "dlc.execute"]);

function checkBlock(block: Block, outer: Context): void {
  const defined = new Set(outer.defined);
  for (const arg of block.args) defined.add(arg);
  for (const op of block.ops) {
    const context = { ...outer, defined };
    checkOp(op, context);
    for (const region of op.regions) checkBlock(region, { ...context, unit: unitOf(op, outer.unit) });
    for (const result of op.results) defined.add(result);
  }
}

function unitOf(op: Op, outer: Context["unit"]): Context["unit"] {
  if (op.name === "slc.for" || op.name === "slcv.for" || op.name === "dlc.access") return "access";
  return op.name === "slc.callback" || op.name === "dlc.execute" ? "execute" : outer;
}

function checkOp(op: Op, { defined, unit, faults }: Context): void {
  const { name, operands } = op;
  if (accessOnly.test(name)) {
    if (unit === "execute") faults.push(`${name} in code of the execute unit`);
  } else if (executeOnly.test(name)) {
    if (unit === "access") faults.push(`${name} in code of the access unit`);
  } else if (!structure.has(name) && !arithmeticNames.has(name) && !either.has(name))
    faults.push(`${name} is not known`);
  else if (unit === "access" && name !== "arith.constant") faults.push(`${name} in code of the access unit`);
  for (const operand of operands)
    if (!defined.has(operand)) faults.push(`${name} uses a ${operand.type} before it is defined`);
  if (
    unit === "execute" &&
    name !== "slc.from_stream" &&
    operands.some(({ type }) => heldBy("stream", type) !== undefined)
  )
    faults.push(`${name} uses a stream without taking its head`);
  checkTypes(op, faults);
}

function checkTypes(op: Op, faults: string[]): void {
  const { name, operands, results } = op;
  const expect = (holds: boolean, what: string) => {
    if (!holds) faults.push(`${name} ${what}`);
  };
  if (name === "memref.load" || name === "memref.store") {
    const stored = name === "memref.store" ? 1 : 0;
    const memory = asMemory(operands[stored]?.type ?? "");
    expect(memory !== undefined, "needs a memory");
    expect(
      operands.length - stored - 1 === memory?.rank,
      `has ${operands.length - stored - 1} indices for rank ${memory?.rank}`,
    );
    expect(
      operands.slice(stored + 1).every(({ type }) => type === "index"),
      "has an index that is no index",
    );
    const value = stored === 1 ? operands[0] : results[0];
    expect(value?.type === memory?.element, `moves a ${value?.type} and the memory holds ${memory?.element}`);
  } else if (name === "scf.for" || name === "slc.for") {
    expect(operands.length >= 3, "needs a start, an end and a step");
    const last = op.regions[0]?.ops.at(-1);
    const given = last?.name === "scf.yield" ? last.operands.length : 0;
    expect(
      name === "slc.for" || given === operands.length - 3,
      `carries ${operands.length - 3} values and yields ${given}`,
    );
    expect(op.regions.length === 1, "needs one body");
  } else if (name === "slc.from_stream") {
    expect(heldBy("stream", operands[0]?.type ?? "") === results[0]?.type, "gives another type than its stream has");
  } else if (name === "slc.get" || name === "slc.set") {
    const [variable, value] = name === "slc.get" ? [operands[0], results[0]] : [operands[1], operands[0]];
    expect(heldBy("variable", variable?.type ?? "") === value?.type, "and its variable differ in type");
  } else if (/^arith\.(?:add|sub|mul|div|max|min)/.test(name)) {
    expect(operands.length === 2 && operands[0]?.type === operands[1]?.type, "needs two operands of one type");
  } else if (name === "slcv.for") expect(Number(op.attributes.lanes) >= 2, "needs at least two lanes");
}

// Every unit stands in a layer of its own, below the layers of the units around it.
function checkConfiguration(configure: Op, faults: string[]): void {
  const layers = new Map<Value, number>();
  for (const op of configure.regions[0]?.ops ?? []) {
    if (!tmuNames.has(op.name)) faults.push(`${op.name} configures nothing`);
    const layer = Number(op.attributes.layer);
    const [unit] = op.results;
    if (op.name.endsWith("_tu") && unit !== undefined) {
      const above = op.operands.map((operand) => layers.get(operand) ?? -1);
      if (!(layer > Math.max(-1, ...above) && layer < Number(configure.attributes.layers)))
        faults.push(`a unit in layer ${layer} of ${configure.attributes.layers}, under layer ${Math.max(...above)}`);
      if ([...layers.values()].includes(layer)) faults.push(`two units in layer ${layer}`);
      layers.set(unit, layer);
    } else if (op.name.endsWith("_layer") && layers.get(op.operands[0] as Value) !== layer)
      faults.push(`${op.name} ${layer} is not that of its unit`);
  }
}

// Each token's case pops what was pushed for it, in order and type: pushes at `beg` first, then vectors turn by turn.
function checkQueues(access: Op, execute: Op, faults: string[]): void {
  const parts = access.regions[0]?.ops ?? [];
  for (const token of parts.filter(({ name }) => name === "dlc.token")) {
    const [unit] = token.operands;
    const id = Number(token.attributes.id);
    const entry = execute.regions[id];
    if (entry === undefined) {
      faults.push(`token ${id} has no case`);
      continue;
    }
    const event = String(token.attributes.event);
    const at = parts.indexOf(token);
    const pushes = (when: string, before: number) => pushedFor(parts.slice(0, before), unit, when);
    const plain = entry.ops.filter(({ name }) => name === "dlc.pop").map(({ results }) => results[0]?.type);
    const inLoops = entry.ops
      .flatMap(({ regions }) => regions.flatMap(({ ops }) => ops))
      .filter(({ name }) => name === "dlc.pop")
      .map(({ results }) => results[0]?.type);
    const buffered = inLoops.length > 0;
    const wanted = buffered ? [...pushes("beg", at), ...pushes(event, at)] : pushes(event, at);
    if (plain.join() !== wanted.join())
      faults.push(`case ${id} pops (${plain.join(", ")}) where (${wanted.join(", ")}) was pushed at ${event}`);
    if (buffered && inLoops.join() !== pushes("ite", at).join())
      faults.push(`case ${id} pops (${inLoops.join(", ")}) a turn where (${pushes("ite", at).join(", ")}) was pushed`);
  }
}

// What a unit pushes at an event since the last token of that event.
function pushedFor(parts: readonly Op[], unit: Value | undefined, event: string): string[] {
  const own = parts.filter((op) => op.operands[0] === unit && op.attributes.event === event);
  const since = own.slice(own.findLastIndex(({ name }) => name === "dlc.token") + 1);
  return since.map((op) => heldBy("stream", op.operands[1]?.type ?? "") ?? "");
}
