/** The loop nest of each operation at the SCF level: outer fibre, range fibre, indirect row, dense row. */
import type { Program, Value } from "../ir/op.ts";
import { accumulatorOf, argumentNames, nameOfOperation, type Operation } from "../operation/operation.ts";
import { NestWriter } from "./nest-writer.ts";

/**
 * The program of an operation; its arguments are those of {@link argumentNames}, all memories. `out` is added to: it
 * holds zeros at the start, or the least (greatest) number where a bag takes the maximum (minimum).
 */
export function operationNest(operation: Operation): Program {
  const writer = new NestWriter(argumentNames(operation).map((name) => argumentType(operation, name)));
  const named = new Map(argumentNames(operation).map((name, place) => [name, writer.arg(place)]));
  const nest = { writer, type: accumulatorOf(operation), arg: (name: string) => named.get(name) as Value, named };
  if (operation.kind === "bag") bagNest(nest, operation);
  else if (operation.kind === "gather") gatherNest(nest, operation.block);
  else pairNest(nest, operation);
  return writer.finish(nameOfOperation(operation));
}

interface Nest {
  readonly writer: NestWriter;
  readonly type: "f32" | "f64";
  readonly named: ReadonlyMap<string, Value>;
  arg(name: string): Value;
}

function argumentType(operation: Operation, name: string) {
  const type = accumulatorOf(operation);
  if (name === "ptr" || name === "idx") return { rank: 1, element: operation.index } as const;
  if (name === "val") return { rank: 1, element: type } as const;
  if (name === "out" && operation.kind === "gather") return { rank: 2, element: operation.table } as const;
  if (name === "out") return { rank: operation.kind === "sddmm" ? 1 : 2, element: type } as const;
  return { rank: 2, element: operation.table } as const;
}

const reductions = { add: "arith.addf", maximum: "arith.maxf", minimum: "arith.minf" } as const;

function bagNest(nest: Nest, operation: Operation & { kind: "bag" }): void {
  const { writer, type, arg } = nest;
  const [ptr, idx, table, out] = [arg("ptr"), arg("idx"), arg("table"), arg("out")];
  const [zero, one] = [writer.constant(0, "index"), writer.constant(1, "index")];
  const [bags, width] = [writer.extent(out, 0), writer.extent(out, 1)];
  writer.for(zero, bags, (bag) => {
    const from = writer.loadIndex(ptr, [bag]);
    const to = writer.loadIndex(ptr, [writer.op("arith.addi", [bag, one])]);
    writer.for(from, to, (p) => {
      const row = writer.loadIndex(idx, [p]);
      const weight = operation.weights === "none" ? undefined : writer.load(arg("val"), [p]);
      writer.for(zero, width, (j) => {
        const held = writer.load(out, [bag, j]);
        const element = writer.loadFloat(table, [row, j], type);
        const combine = operation.weights === "add" ? "arith.addf" : "arith.mulf";
        const met = weight === undefined ? element : writer.op(combine, [weight, element]);
        writer.store(writer.op(reductions[operation.reduce], [held, met]), out, [bag, j]);
        return undefined;
      });
      return undefined;
    });
    if (operation.finish !== "none") finishBag(nest, operation.finish, { bag, from, to, zero, width });
    return undefined;
  });
}

interface WholeBag {
  readonly bag: Value;
  readonly from: Value;
  readonly to: Value;
  readonly zero: Value;
  readonly width: Value;
}

function finishBag({ writer, type, arg }: Nest, finish: "mean" | "sqrtn" | "zero-empty", whole: WholeBag): void {
  const { bag, from, to, zero, width } = whole;
  const rows = writer.op("arith.subi", [to, from]);
  const one = writer.constant(1, "index");
  // An empty bag holds zeros: dividing them by 1 leaves them.
  const count = writer.op("arith.sitofp", [writer.op("arith.maxsi", [rows, one])], type);
  const divisor = finish === "sqrtn" ? writer.op("math.sqrt", [count]) : count;
  const empty = writer.op("arith.cmpi", [rows, zero], "i1", { predicate: 0 });
  writer.for(zero, width, (j) => {
    const held = writer.load(arg("out"), [bag, j]);
    const whenFull = finish === "zero-empty" ? held : writer.op("arith.divf", [held, divisor]);
    const value =
      finish === "zero-empty" ? writer.op("arith.select", [empty, writer.constant(0, type), held], type) : whenFull;
    writer.store(value, arg("out"), [bag, j]);
    return undefined;
  });
}

function gatherNest({ writer, arg }: Nest, block: number): void {
  const [idx, table, out] = [arg("idx"), arg("table"), arg("out")];
  const [zero, size] = [writer.constant(0, "index"), writer.constant(block, "index")];
  const [count, width] = [writer.extent(idx, 0), writer.extent(out, 1)];
  writer.for(zero, count, (s) => {
    const id = writer.loadIndex(idx, [s]);
    const [source, target] = [writer.op("arith.muli", [id, size]), writer.op("arith.muli", [s, size])];
    writer.for(zero, size, (e) => {
      const [from, to] = [writer.op("arith.addi", [source, e]), writer.op("arith.addi", [target, e])];
      writer.for(zero, width, (j) => {
        writer.store(writer.load(table, [from, j]), out, [to, j]);
        return undefined;
      });
      return undefined;
    });
    return undefined;
  });
}

function pairNest({ writer, type, arg }: Nest, operation: Operation & { kind: "sddmm" | "fused" }): void {
  const [ptr, idx, x, y, out] = [arg("ptr"), arg("idx"), arg("x"), arg("y"), arg("out")];
  const [zero, one] = [writer.constant(0, "index"), writer.constant(1, "index")];
  const [rows, width] = [writer.extent(x, 0), writer.extent(x, 1)];
  writer.for(zero, rows, (i) => {
    const from = writer.loadIndex(ptr, [i]);
    const to = writer.loadIndex(ptr, [writer.op("arith.addi", [i, one])]);
    writer.for(from, to, (p) => {
      const k = writer.loadIndex(idx, [p]);
      const dot = (j: Value, [sum]: readonly Value[]) => {
        const [a, b] = [writer.loadFloat(x, [i, j], type), writer.loadFloat(y, [k, j], type)];
        return [writer.op("arith.addf", [sum as Value, writer.op("arith.mulf", [a, b])])];
      };
      const [sum] = writer.for(zero, width, dot, [writer.constant(0, type)]) as [Value];
      if (operation.kind === "sddmm") {
        const scaled =
          operation.weights === "none" ? sum : writer.op("arith.mulf", [writer.load(arg("val"), [p]), sum]);
        writer.store(scaled, out, [p]);
        return undefined;
      }
      const weight = operation.activation === "sigmoid" ? sigmoid(writer, sum, type) : sum;
      writer.for(zero, width, (j) => {
        const held = writer.load(out, [i, j]);
        const message = writer.op("arith.mulf", [weight, writer.loadFloat(y, [k, j], type)]);
        writer.store(writer.op("arith.addf", [held, message]), out, [i, j]);
        return undefined;
      });
      return undefined;
    });
    return undefined;
  });
}

function sigmoid(writer: NestWriter, value: Value, type: "f32" | "f64"): Value {
  const one = writer.constant(1, type);
  const power = writer.op("math.exp", [writer.op("arith.negf", [value])]);
  return writer.op("arith.divf", [one, writer.op("arith.addf", [one, power])]);
}
