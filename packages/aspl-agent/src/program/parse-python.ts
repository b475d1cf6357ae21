/** Programs in the paper's syntax. */
import { type DiagnosticBag, lineMapOf, nearest, type Source, type Span } from "@millrace/ir-text";
import type { RawOp } from "../tasks/schema.ts";
import { oneFault, parseStatements } from "./parse-statements.ts";
import { arity, type OpName, type Place } from "./program.ts";
import { fromRawOps, type ReadProgram } from "./read-op-list.ts";
import type { Call, Comprehension, NameUse, Setting, Statement } from "./statement.ts";

/** Which settings each operator has beside its values. */
const settingsOf: Readonly<Record<OpName, readonly string[]>> = {
  Map: ["fn"],
  Accum: ["fn", "b"],
  Scan: ["fn", "b"],
  Zip: [],
  Promote: ["b"],
  Flatten: ["L"],
  Repeat: ["n"],
  RepeatRef: [],
  Bufferize: ["a"],
  Streamify: [],
  Copy: [],
  Partition: ["N"],
  MapEach: [],
  Merge: ["fn"],
};

/** Operators that a text can name; a comprehension stands for MapEach. */
const named = (Object.keys(settingsOf) as OpName[]).filter((name) => name !== "MapEach");

/** Longest text that is read, in characters. */
const longestText = 2 ** 17;

/**
 * A program from statements such as `S2 = step.Zip().apply((E0, E1))`. A name may be given anew; a Map of several streams
 * zips them first; `N=E_value` and `N=E` both mean the symbol E. `inputs` are the names that stand for the task's streams.
 */
export function parsePython(text: string, inputs: readonly string[] = []): ReadProgram {
  if (text.length > longestText) {
    return { fault: { message: `the text has ${text.length} characters; at most ${longestText} are read` } };
  }
  const source: Source = { name: "program", text };
  const bag = oneFault();
  const translated = new Translator({ source, bag, inputs }).translate(parseStatements(source, bag));
  const [first] = bag.diagnostics;
  if (first !== undefined) {
    const message = first.help === undefined ? first.message : `${first.message}; ${first.help}`;
    const place = lineMapOf(source).positionAt(first.span?.start ?? 0);
    return { fault: { message, place: { line: place.line, column: place.column } } };
  }
  const read = fromRawOps({ ops: translated.ops, ret: translated.returns });
  if ("fault" in read) {
    const place = read.fault.at === undefined ? undefined : translated.places[read.fault.at];
    return { fault: place === undefined ? read.fault : { ...read.fault, place } };
  }
  return { program: { ...read.program, places: translated.places } };
}

class Translator {
  readonly #source: Source;
  readonly #bag: DiagnosticBag;
  readonly #ops: RawOp[] = [];
  readonly #places: Place[] = [];
  /** What each name stands for at this line: the value that was given to it last. */
  readonly #values = new Map<string, string>();
  readonly #functions = new Map<string, readonly NameUse[]>();
  readonly #taken: Set<string>;
  #returns: readonly string[] | undefined;

  constructor(text: { readonly source: Source; readonly bag: DiagnosticBag; readonly inputs: readonly string[] }) {
    this.#source = text.source;
    this.#bag = text.bag;
    this.#taken = new Set(text.inputs);
  }

  translate(statements: readonly Statement[]): {
    readonly ops: readonly RawOp[];
    readonly returns: readonly string[];
    readonly places: readonly Place[];
  } {
    for (const statement of statements) this.#statement(statement);
    if (this.#returns === undefined && !this.#bag.failed) {
      const end = this.#source.text.length;
      this.#fault(
        { source: this.#source, start: end, end },
        "the program returns nothing",
        "end it with 'return NAME'",
      );
    }
    return { ops: this.#ops, returns: this.#returns ?? [], places: this.#places };
  }

  #fault(span: Span, message: string, help?: string): void {
    const diagnostic = { severity: "error", code: "program", message, span } as const;
    this.#bag.report(help === undefined ? diagnostic : { ...diagnostic, help });
  }

  #statement(statement: Statement): void {
    switch (statement.kind) {
      case "return":
        this.#returns = statement.values.map((value) => this.#use(value));
        return;
      case "functions":
        this.#functions.set(statement.target.name, statement.names);
        return;
      case "each":
        this.#each(statement.target, statement.each);
        return;
      case "call":
        this.#call(statement.targets, statement.call);
    }
  }

  #each(target: NameUse, { fns, list, span }: Comprehension): void {
    const names = "length" in fns ? fns : this.#functions.get(fns.name);
    if (names === undefined) {
      this.#fault(span, `'${(fns as NameUse).name}' is no list of functions`);
      return;
    }
    const taken = this.#use(list);
    const fnNames = names.map(({ name }) => name);
    this.#add({ op: "MapEach", fns: fnNames, in: [taken], out: [this.#give(target)] }, span);
  }

  #call(targets: readonly NameUse[], call: Call): void {
    if (!this.#known(call)) return;
    const { span } = call;
    const name = call.operator as OpName;
    let taken = call.args.map((arg) => this.#use(arg));
    if (name === "Map" && taken.length > 1) taken = [this.#zipped(taken, span)];
    const wanted = arity[name];
    if (taken.length !== wanted.in) {
      this.#fault(span, `${name} takes ${wanted.in} values, not ${taken.length}`);
    } else if (targets.length !== wanted.out) {
      this.#fault(targets[0]!.span, `${name} makes ${wanted.out} values, and ${targets.length} names are given`);
    }
    const made = targets.map((target) => this.#give(target));
    this.#add({ op: name, ...this.#settings(name, call.settings), in: taken, out: made }, span);
  }

  /** Whether there is such an operator with such settings; reports what there is not. */
  #known({ operator, span, settings }: Call): boolean {
    if (!(named as readonly string[]).includes(operator)) {
      const close = nearest(operator, named);
      const help = close === undefined ? `operators are ${named.join(", ")}` : `did you mean '${close}'?`;
      this.#fault(span, `there is no operator '${operator}'`, help);
      return false;
    }
    const known = settingsOf[operator as OpName];
    for (const [setting, value] of settings) {
      if (known.includes(setting)) continue;
      const list = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
      this.#fault(value.span, `${operator} has no setting '${setting}'; ${list}`);
      return false;
    }
    return true;
  }

  #zipped(values: readonly string[], span: Span): string {
    return values.reduce((left, right) => {
      const out = this.#fresh("zipped");
      this.#add({ op: "Zip", in: [left, right], out: [out] }, span);
      return out;
    });
  }

  #settings(name: OpName, settings: ReadonlyMap<string, Setting>): Partial<RawOp> {
    const word = (setting: Setting | undefined): string | undefined =>
      setting?.kind === "name" ? setting.name : this.#misfit(setting, "the name of a function");
    const number = (setting: Setting | undefined): number | undefined =>
      setting?.kind === "numbers" && setting.numbers.length === 1
        ? setting.numbers[0]
        : this.#misfit(setting, "a whole number");
    switch (name) {
      case "Map":
      case "Merge":
        return { fn: word(settings.get("fn")) };
      case "Accum":
      case "Scan":
        return { fn: word(settings.get("fn")), b: number(settings.get("b")) };
      case "Promote":
        return { b: number(settings.get("b")) };
      case "Bufferize":
        return { a: number(settings.get("a")) };
      case "Repeat":
        return { n: extent(settings.get("n")) };
      case "Partition":
        return { n: extent(settings.get("N")) };
      case "Flatten": {
        const levels = settings.get("L");
        return { levels: levels?.kind === "numbers" ? levels.numbers : this.#misfit(levels, "numbers of axes") };
      }
      default:
        return {};
    }
  }

  #misfit(setting: Setting | undefined, wanted: string): undefined {
    if (setting !== undefined) this.#fault(setting.span, `expected ${wanted} here`);
    return undefined;
  }

  #add(op: RawOp, span: Span): void {
    const { line, column } = lineMapOf(this.#source).positionAt(span.start);
    this.#ops.push(op);
    this.#places.push({ line, column });
  }

  #use({ name }: NameUse): string {
    return this.#values.get(name) ?? name;
  }

  /** A new value for a name: the name itself, unless it was given before. */
  #give({ name }: NameUse): string {
    const value = this.#fresh(name);
    this.#values.set(name, value);
    return value;
  }

  #fresh(name: string): string {
    let value = name;
    for (let again = 2; this.#taken.has(value); again++) value = `${name}__${again}`;
    this.#taken.add(value);
    return value;
  }
}

function extent(setting: Setting | undefined): string | undefined {
  if (setting?.kind === "numbers") return setting.numbers.length === 1 ? String(setting.numbers[0]) : undefined;
  return setting?.name.replace(/_value$/, "");
}
