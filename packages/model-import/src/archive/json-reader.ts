/** Walks parsed JSON and names the path of whatever is not as expected. */
import { ModelError } from "../errors.ts";
import type { Place } from "../graph/place.ts";

/** A JSON value at a path. */
export class JsonReader {
  readonly value: unknown;
  readonly place: Place;

  constructor(value: unknown, place: Place) {
    this.value = value;
    this.place = place;
  }

  get path(): string {
    return this.place.path ?? "";
  }

  /** Whether there is anything: neither missing nor null. */
  get present(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  /** A field of an object; absent ones read as `undefined`. @throws {ModelError} `program-malformed` */
  at(key: string): JsonReader {
    const fields = this.#object();
    const path = this.path === "" ? key : `${this.path}.${key}`;
    return new JsonReader(Object.hasOwn(fields, key) ? fields[key] : undefined, { ...this.place, path });
  }

  /** The elements of a list. */
  list(): JsonReader[] {
    if (!Array.isArray(this.value)) throw this.wrong("a list");
    return this.value.map((item, index) => new JsonReader(item, { ...this.place, path: `${this.path}[${index}]` }));
  }

  /** The fields of an object, in file order. */
  entries(): [string, JsonReader][] {
    return Object.keys(this.#object()).map((key) => [key, this.at(key)]);
  }

  text(): string {
    if (typeof this.value !== "string") throw this.wrong("a string");
    return this.value;
  }

  number(): number {
    if (typeof this.value !== "number") throw this.wrong("a number");
    return this.value;
  }

  integer(): number {
    if (!Number.isSafeInteger(this.value)) throw this.wrong("an integer");
    return this.value as number;
  }

  boolean(): boolean {
    if (typeof this.value !== "boolean") throw this.wrong("true or false");
    return this.value;
  }

  /** The one alternative of a union that is set: `{"as_int": 3}`, or all spelled out and all but one null. */
  union(): [kind: string, value: JsonReader] | undefined {
    const entries = this.entries();
    const set = entries.find(([, value]) => value.present);
    return set ?? (entries.length === 1 ? entries[0] : undefined);
  }

  /** The error that this is not `expected`. */
  wrong(expected: string): ModelError {
    const found = this.value === undefined ? "nothing" : (JSON.stringify(this.value)?.slice(0, 60) ?? "nothing");
    return new ModelError("program-malformed", `expected ${expected}, found ${found}`, {
      place: this.place,
      help: "export the model again, or report the version of the exporter",
    });
  }

  #object(): Record<string, unknown> {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value))
      throw this.wrong("an object");
    return this.value as Record<string, unknown>;
  }
}
