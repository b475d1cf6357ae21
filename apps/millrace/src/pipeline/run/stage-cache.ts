/** Results of stages by key: a file each, complete and checksummed or not there. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readText } from "../../files/read.ts";
import { writeWhole } from "../../files/write.ts";
import type { JsonValue } from "../../terminal/json.ts";
import type { StageResult } from "../stage-result.ts";
import { digestOf } from "./digest.ts";

const FORMAT = "millrace-stage-1";

/** A result as it is kept. */
export interface KeptResult {
  readonly result: StageResult;
  /** Digest of its output, which the keys of later stages have. */
  readonly digest: string;
}

/** The results of a folder. */
export class StageCache {
  readonly #folder: string;
  readonly #name: string;

  /** `name` is the folder, named from `folder`. */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  /** The result under a key; a text says why there is none. */
  read(key: string): KeptResult | "missing" | "damaged" {
    const name = this.#file(key);
    if (!existsSync(resolve(this.#folder, name))) return "missing";
    const text = readText(this.#folder, name);
    const end = text.indexOf("\n");
    const body = text.slice(end + 1);
    if (text.slice(0, end) !== `${FORMAT} ${digestOf(body)}`) return "damaged";
    return keptAs(JSON.parse(body) as StageResult);
  }

  /** Keeps a result, and gives it as a later reader will: through its text, so that a run that goes on sees the same. */
  write(key: string, result: StageResult): KeptResult {
    const body = `${JSON.stringify(result)}\n`;
    writeWhole(this.#folder, this.#file(key), `${FORMAT} ${digestOf(body)}\n${body}`);
    return keptAs(JSON.parse(body) as StageResult);
  }

  #file(key: string): string {
    return `${this.#name}/${key}.json`;
  }
}

function keptAs(result: StageResult): KeptResult {
  return { result, digest: digestOf(JSON.stringify(result.output as JsonValue)) };
}
