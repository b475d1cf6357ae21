/**
 * Checked access to parsed JSON: every refusal names the path to the value.
 */
import { SimError } from "../../errors.ts";

const LARGEST: number = 2 ** 31 - 1;

/** A value inside a JSON document, with the path that leads to it. */
export class JsonShape {
  readonly value: unknown;
  readonly path: string;

  constructor(value: unknown, path: string) {
    this.value = value;
    this.path = path;
  }

  /** @throws {SimError} `dram-spec`, naming the path. */
  refuse(expected: string): never {
    const text = JSON.stringify(this.value) ?? "nothing";
    throw new SimError("dram-spec", `${this.path}: expected ${expected}, not ${text.slice(0, 60)}`);
  }

  /** The member `key`; its value is undefined where the object lacks it. */
  member(key: string): JsonShape {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) this.refuse("an object");
    const value = Object.hasOwn(this.value, key) ? (this.value as Record<string, unknown>)[key] : undefined;
    return new JsonShape(value, `${this.path}.${key}`);
  }

  has(key: string): boolean {
    return this.member(key).value !== undefined;
  }

  keys(): string[] {
    if (typeof this.value !== "object" || this.value === null || Array.isArray(this.value)) this.refuse("an object");
    return Object.keys(this.value);
  }

  items(): JsonShape[] {
    if (!Array.isArray(this.value)) this.refuse("a list");
    return this.value.map((item, i) => new JsonShape(item, `${this.path}[${i}]`));
  }

  string(): string {
    if (typeof this.value !== "string") this.refuse("a string");
    return this.value;
  }

  strings(): string[] {
    return this.items().map((item) => item.string());
  }

  /** An integer from `least` to `most`. */
  integer(least = 0, most: number = LARGEST): number {
    const { value } = this;
    if (!(typeof value === "number" && Number.isInteger(value) && value >= least && value <= most)) {
      this.refuse(`an integer from ${least} to ${most}`);
    }
    return value;
  }

  /** An integer, or whole list of them, as a list. */
  integers(least = 0): number[] {
    return Array.isArray(this.value) ? this.items().map((item) => item.integer(least)) : [this.integer(least)];
  }

  /** `true`, `false`, 1 or 0. */
  flag(): boolean {
    const { value } = this;
    if (value !== true && value !== false && value !== 1 && value !== 0) this.refuse("true, false, 1 or 0");
    return value === true || value === 1;
  }
}
