/**
 * The record of an exploration in its `--out` folder: a line that says what was explored, then a line for each point, as it
 * ends. What a kill leaves of a line is dropped; when all is done, the lines are in the order of the points.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Configuration, configurationKey, type Explored } from "@millrace/fuseflow-sparse";
import { MillraceError } from "../../errors.ts";
import { unwritable, writeWhole } from "../../files/write.ts";

const FILE = "explored.jsonl";

/** Keeps results; without a folder it only holds them. */
export class ExplorationRecord {
  readonly #folder: string;
  readonly #name: string | null;
  readonly #header: string;
  readonly #known = new Map<string, Explored>();

  /**
   * Opens the record in `out`, a folder named from `folder`.
   *
   * @throws {MillraceError} `argument` if it is of another exploration, `file-unwritable`
   */
  constructor(folder: string, out: string | undefined, fingerprint: string) {
    this.#folder = folder;
    this.#name = out === undefined ? null : `${out}/${FILE}`;
    this.#header = JSON.stringify({ exploration: fingerprint });
    if (this.#name === null) return;
    const path = resolve(folder, this.#name);
    if (existsSync(path)) this.#read(readFileSync(path, "utf8"), this.#name);
    this.#writeAll([...this.#known.values()]);
  }

  get size(): number {
    return this.#known.size;
  }

  /** The result of a point that ran before. */
  known(configuration: Configuration): Explored | undefined {
    return this.#known.get(configurationKey(configuration));
  }

  /** Keeps a result, before anything else happens. */
  add(explored: Explored): void {
    this.#known.set(configurationKey(explored), explored);
    if (this.#name === null) return;
    try {
      appendFileSync(resolve(this.#folder, this.#name), `${JSON.stringify(explored)}\n`);
    } catch (cause) {
      throw unwritable(this.#name, cause);
    }
  }

  /** Writes the results in the order of `points`, and gives them; points without a graph order are left out. */
  finish(points: readonly Configuration[]): readonly Explored[] {
    const results = points.flatMap((point) => this.known(point) ?? []);
    const asked = new Set(results.map(configurationKey));
    this.#writeAll([...results, ...[...this.#known.values()].filter((each) => !asked.has(configurationKey(each)))]);
    return results;
  }

  #writeAll(results: readonly Explored[]): void {
    if (this.#name === null) return;
    const lines = [this.#header, ...results.map((result) => JSON.stringify(result))];
    writeWhole(this.#folder, this.#name, `${lines.join("\n")}\n`);
  }

  #read(text: string, name: string): void {
    const [header, ...lines] = text.split("\n");
    if (header !== this.#header) {
      throw new MillraceError(
        "argument",
        `${name} has results of another model, other data, another memory or version`,
        {
          help: "take another --out folder, or remove that file",
        },
      );
    }
    for (const line of lines) {
      const result = parsed(line);
      if (result !== null) this.#known.set(configurationKey(result), result);
    }
  }
}

/** A result of a line; null for what is left of one. */
function parsed(line: string): Explored | null {
  try {
    const found = JSON.parse(line) as Explored;
    const named = typeof found.data === "string" && typeof found.granularity === "string";
    return named &&
      Number.isInteger(found.order) &&
      Array.isArray(found.lanes) &&
      Number.isInteger(found.block) &&
      found.regions
      ? found
      : null;
  } catch {
    return null;
  }
}
