/**
 * Judges programs: read, types, output types, numbers on several sets, single use.
 *
 * The order is that of the published verifier, where a program that is both wrong and not affine counts as wrong.
 */
import { AsplError } from "../errors.ts";
import { type ProgramCost, timeProgram } from "../hardware/cost.ts";
import type { Hardware } from "../hardware/hardware.ts";
import { type AffineRule, findAffineFault } from "../program/affine.ts";
import { printStreamType, sameElem } from "../program/element-type.ts";
import { parsePython } from "../program/parse-python.ts";
import { maximumOperators, type OpProgram } from "../program/program.ts";
import { type ReadProgram, readOpList } from "../program/read-op-list.ts";
import { typecheck, type ValueType } from "../program/typecheck.ts";
import { drawExpectedSets } from "../tasks/expect-outputs.ts";
import type { Task } from "../tasks/task.ts";
import type { ExpectedSet } from "../tasks/tensor-set.ts";
import { findDisagreement } from "./compare.ts";
import { Interpreter, type RunLimits, type StreamNumbers } from "./interpret.ts";
import type { ProgramMetrics, Verdict } from "./verdict.ts";

/** How a task's programs are judged. */
export interface VerifierOptions {
  /** `strict` unless given: a value that is returned is used. */
  readonly rule?: AffineRule;
  /** Recorded sets, judged beside drawn ones; without a reference program they are all there is. */
  readonly recorded?: readonly ExpectedSet[];
  /** Of the drawn sets; 1 unless given. */
  readonly seed?: number;
  readonly limits?: RunLimits;
  /** A machine to time right programs on; their costs are then part of the metrics. */
  readonly hardware?: Hardware;
}

const nothing: Omit<Verdict, "verdict"> = {
  at: null,
  message: null,
  place: null,
  value: null,
  worst: null,
  metrics: null,
};

/** The judge of one task. Sets are drawn, and functions compiled, once. */
export class Verifier {
  readonly task: Task;
  readonly #rule: AffineRule;
  readonly #limits: RunLimits | undefined;
  readonly #hardware: Hardware | undefined;
  readonly #judged: readonly { readonly set: ExpectedSet; readonly interpreter: Interpreter }[];

  /** @throws {AsplError} `tensor-sets` if nothing can be judged, or the sets cannot tell right from wrong. */
  constructor(task: Task, options: VerifierOptions = {}) {
    this.task = task;
    this.#rule = options.rule ?? "strict";
    this.#limits = options.limits;
    this.#hardware = options.hardware;
    const recorded = options.recorded ?? [];
    const drawn = task.reference === undefined && recorded.length > 0 ? [] : drawExpectedSets(task, options.seed ?? 1);
    this.#judged = [...recorded, ...drawn].map((set) => ({ set, interpreter: new Interpreter(task, set) }));
  }

  /** The verdict on a text: an operator list if it begins with `{` or `[`, otherwise the paper's syntax. */
  verifyText(text: string): Verdict {
    return this.#judge(this.readText(text));
  }

  /** The verdict on an operator list as parsed JSON. */
  verifyOpList(json: unknown): Verdict {
    return this.#judge(readOpList(json));
  }

  /** The verdict on a program. */
  verify(program: OpProgram): Verdict {
    return this.#judge({ program });
  }

  /**
   * What a right program costs, at the sizes of the first set. A second engine runs it for that, with its numbers.
   *
   * @throws {AsplError} `program` if it is wrong, `hardware` if it cannot be timed.
   */
  costOf(program: OpProgram, hardware: Hardware = {}): ProgramCost {
    const typed = typecheck(program, this.task);
    if ("fault" in typed) throw new AsplError("program", `operator ${typed.fault.at}: ${typed.fault.message}`);
    const misfit = this.#findMisfit(program, typed.types);
    if (misfit !== undefined) throw new AsplError("program", misfit);
    const { set } = this.#judged[0]!;
    const { cost, outputs } = timeProgram({ task: this.task, program, types: typed.types, set }, hardware);
    const finding = findWrongNumber(set, outputs);
    if (finding === undefined) return cost;
    throw new AsplError("program", `task '${this.task.id}', on the second engine: ${finding.message}`);
  }

  /** The program of a text, or why there is none. */
  readText(text: string): ReadProgram {
    const names = this.task.inputs.map(({ name }) => name);
    return readProgramText(text, names);
  }

  #judge(read: ReadProgram): Verdict {
    if ("fault" in read) return { ...nothing, verdict: "parse", ...read.fault };
    const { program } = read;
    const copies = program.ops.filter(({ op }) => op === "Copy").length;
    const metrics = { operators: program.ops.length, copies };
    const finding = this.#findFault(program);
    if (finding === undefined) {
      const costs = this.#hardware === undefined ? {} : this.#costsOf(program, this.#hardware);
      return { ...nothing, verdict: "ok", metrics: { ...metrics, ...costs } };
    }
    const place = finding.at == null ? null : (program.places?.[finding.at] ?? null);
    return { ...nothing, metrics, place, ...finding };
  }

  /** A right program that the machine cannot run is right nonetheless. */
  #costsOf(program: OpProgram, hardware: Hardware): Pick<ProgramMetrics, "cost" | "untimed"> {
    try {
      return { cost: this.costOf(program, hardware) };
    } catch (error) {
      if (!(error instanceof AsplError)) throw error;
      if (error.code === "hardware") return { untimed: error.message };
      // The first engine passed it: one of the two is at fault, and that is no fault of the program.
      throw new Error(error.message, { cause: error });
    }
  }

  #findFault(program: OpProgram): Finding | undefined {
    if (program.ops.length > maximumOperators) {
      const message = `the program has ${program.ops.length} operators; at most ${maximumOperators} are judged`;
      return { verdict: "limit", message, at: maximumOperators };
    }
    const typed = typecheck(program, this.task);
    if ("fault" in typed) return { verdict: "type", ...typed.fault };
    const misfit = this.#findMisfit(program, typed.types);
    if (misfit !== undefined) return { verdict: "outputType", message: misfit };
    for (const { set, interpreter } of this.#judged) {
      const run = interpreter.run(program, typed.types, this.#limits);
      if ("fault" in run) {
        const { kind, at, message } = run.fault;
        return { verdict: kind === "limit" ? "limit" : "type", at, message };
      }
      const finding = findWrongNumber(
        set,
        program.returns.map((name) => run.values.get(name) as StreamNumbers),
      );
      if (finding !== undefined) return finding;
    }
    return this.#findSecondUse(program);
  }

  #findMisfit({ returns }: OpProgram, types: ReadonlyMap<string, ValueType>): string | undefined {
    const { outputs } = this.task;
    if (returns.length !== outputs.length) {
      return `the task has ${outputs.length} outputs, and the program returns ${returns.length} values`;
    }
    for (const [index, wanted] of outputs.entries()) {
      const given = types.get(returns[index]!);
      if (given === undefined) return `there is no value '${returns[index]}' to return`;
      if (!("elem" in given)) return `output ${index} is a list of streams; expected ${printStreamType(wanted)}`;
      if (sameElem(given.elem, wanted.elem) && given.shape.join() === wanted.shape.join()) continue;
      return `output ${index} is ${printStreamType(given)}; expected ${printStreamType(wanted)}`;
    }
    return undefined;
  }

  #findSecondUse(program: OpProgram): Finding | undefined {
    const fault = findAffineFault(program, this.#rule);
    if (fault === undefined) return undefined;
    const { value, uses, at = null } = fault;
    const returned = at === null ? ", the last by returning it" : "";
    const message = `'${value}' is used ${uses} times${returned}; a stream is read once: insert ${uses - 1} Copy`;
    return { verdict: "affine", at, message, value };
  }
}

type Finding = Partial<Verdict> & Pick<Verdict, "verdict" | "message">;

function findWrongNumber(set: ExpectedSet, returned: readonly StreamNumbers[]): Finding | undefined {
  for (const [output, parts] of set.outputs.entries()) {
    for (const [part, { values }] of parts.entries()) {
      const found = returned[output]![part]!;
      const wrong = findDisagreement(found, values);
      if (wrong === undefined) continue;
      const { at: index, error } = wrong;
      const message = `output ${output}, number ${index}: ${found[index]} where ${values[index]} is expected (${set.name})`;
      return { verdict: "numeric", message, worst: { set: set.name, output, index, error } };
    }
  }
  return undefined;
}

/** The program of a text: an operator list if it begins with `{` or `[`, otherwise the paper's syntax. */
export function readProgramText(text: string, inputs: readonly string[] = []): ReadProgram {
  if (!/^\s*[{[]/.test(text.slice(0, 1000))) return parsePython(text, inputs);
  if (text.length > longestList) {
    return { fault: { message: `the text has ${text.length} characters; at most ${longestList} are read` } };
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { fault: { message: `the operator list is no JSON: ${error.message}` } };
  }
  return readOpList(json);
}

/** Longest operator list that is read, in characters. */
const longestList = 2 ** 20;
