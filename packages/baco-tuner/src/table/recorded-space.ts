/**
 * Recorded spaces: measurements of every configuration, or of a sample, as an objective.
 *
 * A full table answers what it lists. A sampled one answers with the nearest recorded row: the distance is the sum
 * over parameters of the share of ranks (ordinal), 0 or 1 (categorical), or the share of element pairs in another
 * order (permutation), rounded to 12 decimals; ties go to the smallest code.
 */
import { TunerError } from "../errors.ts";
import { readScenario, type Scenario } from "../scenario/read-scenario.ts";
import { type Config, coordinateOf, type Value, valueAt } from "../space/parameter.ts";

/** The file of a recorded space (`recorded-space/1`), as parsed JSON; only what is read here. */
interface RecordedFile {
  readonly format: string;
  readonly name: string;
  readonly kind: "full" | "sampled";
  readonly params: readonly RecordedParameter[];
  readonly constraints: readonly { readonly on: string; readonly expr: string; readonly deps: readonly string[] }[];
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly radix: readonly number[];
  readonly codes: readonly number[];
  readonly codes_delta?: boolean;
  readonly values: readonly (number | null)[];
  readonly stats: { readonly best: number; readonly best_config: Config };
}

interface RecordedParameter {
  readonly name: string;
  readonly type: "ordinal" | "categorical" | "permutation";
  readonly values?: readonly Value[];
  readonly n?: number;
  readonly transform?: string;
}

/** Measurements as an objective over the space they were made in. */
export interface MeasurementTable {
  readonly name: string;
  readonly scenario: Scenario;
  readonly best: { readonly value: number; readonly config: Config };
  /** The value of each row; NaN where the configuration failed. */
  readonly values: Float64Array;
  /** The row that answers for a configuration; -1 where the table does not list it. */
  rowFor(config: Config): number;
  /** The configuration of a row. */
  configAt(row: number): Config;
}

/** A table in the format of this package's data. */
export interface RecordedSpace extends MeasurementTable {
  /** A full table lists every valid configuration; a sampled one answers for others with the nearest row. */
  readonly kind: "full" | "sampled";
  /** Codes of the recorded rows, ascending: the mixed-radix number of the value indices in file order. */
  readonly codes: Float64Array;
}

/** Reads a recorded space. @throws {TunerError} `table` if the file is none. */
export function readRecordedSpace(text: string): RecordedSpace {
  let file: RecordedFile;
  try {
    file = JSON.parse(text) as RecordedFile;
  } catch (cause) {
    throw new TunerError("table", "a recorded space is JSON, and this text is not", { cause });
  }
  if (file?.format !== "recorded-space/1") {
    throw new TunerError("table", `expected "format": "recorded-space/1", not ${JSON.stringify(file?.format)}`);
  }
  const { params, radix, codes, values } = file;
  if (params.length !== radix.length || codes.length !== values.length) {
    throw new TunerError("table", `${file.name}: parameters and radix, or codes and values, differ in length`);
  }
  return new Recorded(file);
}

class Recorded implements RecordedSpace {
  readonly name: string;
  readonly kind: "full" | "sampled";
  readonly scenario: Scenario;
  readonly best: { readonly value: number; readonly config: Config };
  readonly codes: Float64Array;
  readonly values: Float64Array;
  readonly #file: RecordedFile;
  readonly #rows = new Map<number, number>();

  constructor(file: RecordedFile) {
    this.#file = file;
    this.name = file.name;
    this.kind = file.kind;
    const parameters = Object.fromEntries(
      file.params.map((parameter) => [parameter.name, this.#scenarioParameter(parameter)]),
    );
    const text = JSON.stringify({ ...file.scenario, input_parameters: parameters });
    this.scenario = readScenario({ name: file.name, text });
    this.best = { value: file.stats.best, config: file.stats.best_config };
    this.codes = Float64Array.from(file.codes);
    if (file.codes_delta === true) for (let i = 1; i < this.codes.length; i++) this.codes[i]! += this.codes[i - 1]!;
    this.values = Float64Array.from(file.values, (value) => value ?? Number.NaN);
    this.codes.forEach((code, row) => {
      this.#rows.set(code, row);
    });
  }

  #scenarioParameter({ name, type, values, n, transform }: RecordedParameter): object {
    const own = this.#file.constraints.filter(({ on }) => on === name);
    return {
      parameter_type: type,
      values: type === "permutation" ? [n] : values,
      ...(type === "permutation" && { parametrization: "spearman" }),
      ...(transform === "log" && { transform }),
      ...(own.length > 0 && {
        constraints: own.map(({ expr }) => expr),
        dependencies: [...new Set(own.flatMap(({ deps }) => deps))],
      }),
    };
  }

  rowFor(config: Config): number {
    const digits = this.#file.params.map((_, p) => this.#digit(config, p));
    const code = digits.reduce((sum, digit, p) => sum * this.#file.radix[p]! + digit, 0);
    const row = this.#rows.get(code);
    return row ?? (this.kind === "full" ? -1 : this.#nearest(digits));
  }

  configAt(row: number): Config {
    return Object.fromEntries(
      this.#digits(this.codes[row]!).map((digit, p) => {
        const { name, values, n } = this.#file.params[p]!;
        return [name, values?.[digit] ?? valueAt({ name, kind: "permutation", size: n! }, digit)];
      }),
    );
  }

  #digit(config: Config, p: number): number {
    const { name, values, n } = this.#file.params[p]!;
    const value = config[name]!;
    const digit = values ? values.indexOf(value) : (coordinateOf({ name, kind: "permutation", size: n! }, value) ?? -1);
    if (digit < 0) throw new TunerError("configuration", `${JSON.stringify(value)} is no recorded value of ${name}`);
    return digit;
  }

  #digits(code: number): number[] {
    let rest = code;
    return this.#file.radix
      .toReversed()
      .map((radix) => {
        const digit = rest % radix;
        rest = (rest - digit) / radix;
        return digit;
      })
      .reverse();
  }

  #nearest(wanted: readonly number[]): number {
    const tables = this.#file.params.map((parameter, p) => distances(parameter, this.#file.radix[p]!, wanted[p]!));
    const radix = this.#file.radix;
    let best = Number.POSITIVE_INFINITY;
    let nearest = -1;
    for (let row = 0; row < this.codes.length; row++) {
      let rest = this.codes[row]!;
      let distance = 0;
      for (let p = radix.length - 1; p >= 0; p--) {
        const quotient = Math.floor(rest / radix[p]!);
        distance += tables[p]![rest - quotient * radix[p]!]!;
        rest = quotient;
      }
      const rounded = Math.round(distance * 1e12);
      if (rounded < best || (rounded === best && this.codes[row]! < this.codes[nearest]!)) {
        best = rounded;
        nearest = row;
      }
    }
    return nearest;
  }
}

function distances({ name, type, n }: RecordedParameter, count: number, wanted: number): Float64Array {
  return Float64Array.from({ length: count }, (_, digit) => {
    if (type === "ordinal") return count > 1 ? Math.abs(digit - wanted) / (count - 1) : 0;
    if (type === "categorical") return digit === wanted ? 0 : 1;
    const order = (rank: number) => valueAt({ name, kind: "permutation", size: n! }, rank) as readonly number[];
    return discordantShare(order(digit), order(wanted));
  });
}

function discordantShare(a: readonly number[], b: readonly number[]): number {
  const n = a.length;
  let discordant = 0;
  for (let i = 0; i < n; i++) {
    for (let k = i + 1; k < n; k++) {
      if (a.indexOf(i) < a.indexOf(k) !== b.indexOf(i) < b.indexOf(k)) discordant += 1;
    }
  }
  return n > 1 ? discordant / ((n * (n - 1)) / 2) : 0;
}
