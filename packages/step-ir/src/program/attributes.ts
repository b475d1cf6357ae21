/** The settings of a node: what kinds there are, and reading them with their rules. */
import { nearest } from "@millrace/ir-text";
import { StepError } from "../errors.ts";
import type { AccumFunction, FlatMapFunction, MapFunction } from "../functions/function.ts";
import type { ElementType } from "../stream/element-type.ts";
import type { Shape } from "../stream/shape.ts";

/** What an attribute may hold. */
export type AttributeKind = "integer" | "number" | "boolean" | "word" | "function" | "integers" | "shape" | "element";

/** A function of the caller's own, in place of the name of one that is known. Text and JSON have only its name. */
export type OwnFunction = MapFunction | AccumFunction | FlatMapFunction;

/** One attribute of an operator. */
export interface AttributeSpec {
  readonly kind: AttributeKind;
  /** Meaning, as a phrase. */
  readonly about: string;
  /** Whether it may be left out. */
  readonly optional?: boolean;
  /** Least value of an integer, or of each of several; 0 unless given. */
  readonly least?: number;
}

/** A value of an attribute. */
export type AttributeValue = number | boolean | string | readonly number[] | Shape | ElementType | OwnFunction;

/** The name of a function that is given by name or as itself. */
export function functionName(given: string | OwnFunction): string {
  return typeof given === "string" ? given : given.name;
}

/** Attributes by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/**
 * Checks attributes against the schema of an operator.
 *
 * @throws {StepError} `attribute-value` naming the node and the attribute.
 */
export function checkAttributes(
  node: string,
  schema: Readonly<Record<string, AttributeSpec>>,
  attributes: Attributes,
): void {
  for (const name of Object.keys(attributes)) {
    if (Object.hasOwn(schema, name)) continue;
    const close = nearest(name, Object.keys(schema));
    const known = Object.keys(schema).join(", ") || "none";
    const hint = close === undefined ? `attributes are: ${known}` : `did you mean '${close}'?`;
    throw new StepError("attribute-value", `${node} has no attribute '${name}'; ${hint}`, { node, hint });
  }
  for (const [name, spec] of Object.entries(schema)) {
    const value = attributes[name];
    if (value === undefined) {
      if (spec.optional) continue;
      throw new StepError("attribute-value", `${node} needs the attribute '${name}', ${spec.about}`, { node });
    }
    const fault = faultOf(value, spec);
    if (fault !== undefined) {
      throw new StepError("attribute-value", `'${name}' of ${node}, ${spec.about}, must be ${fault}`, { node });
    }
  }
}

function faultOf(value: AttributeValue, { kind, least = 0 }: AttributeSpec): string | undefined {
  const fits = (one: unknown): boolean => Number.isSafeInteger(one) && (one as number) >= least;
  switch (kind) {
    case "integer":
      return fits(value) ? undefined : `an integer of at least ${least}, not ${show(value)}`;
    case "function":
      if (typeof value === "string" || (typeof value === "object" && "name" in value)) return undefined;
      return `the name of a function, or a function, not ${show(value)}`;
    case "integers":
      if (Array.isArray(value) && value.every(fits)) return undefined;
      return `a list of integers of at least ${least}, not ${show(value)}`;
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? undefined : `a number, not ${show(value)}`;
    case "boolean":
      return typeof value === "boolean" ? undefined : `true or false, not ${show(value)}`;
    case "word":
      return typeof value === "string" ? undefined : `a word, not ${show(value)}`;
    case "shape":
      if (Array.isArray(value) && value.length > 0 && typeof value[0] === "object") return undefined;
      return "a shape of at least one dimension";
    case "element":
      return typeof value === "object" && !Array.isArray(value) ? undefined : `an element type, not ${show(value)}`;
  }
}

function show(value: AttributeValue): string {
  return typeof value === "object" ? "a structure" : JSON.stringify(value);
}

/** Typed access to attributes that `checkAttributes` passed. */
export class AttributeReader {
  readonly #attributes: Attributes;

  constructor(attributes: Attributes) {
    this.#attributes = attributes;
  }

  has(name: string): boolean {
    return this.#attributes[name] !== undefined;
  }

  /** An integer or other number; `otherwise` if it was left out. */
  number(name: string, otherwise = 0): number {
    return (this.#attributes[name] as number | undefined) ?? otherwise;
  }

  word(name: string): string {
    return this.#attributes[name] as string;
  }

  /** The name of a function, or the function itself. */
  fn(name: string): string | OwnFunction {
    return this.#attributes[name] as string | OwnFunction;
  }

  flag(name: string): boolean {
    return this.#attributes[name] === true;
  }

  integers(name: string): readonly number[] {
    return (this.#attributes[name] as readonly number[] | undefined) ?? [];
  }

  shape(name: string): Shape {
    return this.#attributes[name] as Shape;
  }

  element(name: string): ElementType {
    return this.#attributes[name] as ElementType;
  }
}
