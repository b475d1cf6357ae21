/**
 * Reads scenario files of BaCO and HyperMapper as published.
 *
 * Fields that have no effect here are named in warnings; wrong values are errors with their place. All faults of a
 * file are found at once.
 */
import { TunerError } from "../errors.ts";
import { type Fault, placeIn, renderFaults } from "../fault.ts";
import { checkSpace } from "../space/create-space.ts";
import type { Parameter } from "../space/parameter.ts";
import type { Space } from "../space/space.ts";
import { type JsonNode, readJson } from "./json.ts";
import { readParameter } from "./read-parameters.ts";
import { idleFields, type Settings, settingFields } from "./settings.ts";

/** What a scenario file asks for. */
export interface Scenario {
  readonly space: Space;
  /** Names of the objectives; all are minimised. */
  readonly objectives: readonly string[];
  readonly settings: Settings;
}

/** What checking a file found: faults, and the scenario unless one of them is an error. */
export interface ScenarioCheck {
  readonly scenario: Scenario | undefined;
  readonly faults: readonly Fault[];
}

/** A scenario text; `name` is what to call it in messages. */
export interface ScenarioText {
  readonly name: string;
  readonly text: string;
}

/** Reads a scenario. @throws {TunerError} `scenario` naming all faults, `space-too-large` if its trees cannot be built. */
export function readScenario(source: ScenarioText): Scenario {
  const { scenario, faults } = checkScenario(source);
  if (scenario === undefined) {
    throw new TunerError(
      "scenario",
      renderFaults(
        faults.filter(({ severity }) => severity === "error"),
        source.name,
      ),
    );
  }
  return scenario;
}

/** Checks a scenario text; faults are collected instead of thrown. */
export function checkScenario({ text }: ScenarioText): ScenarioCheck {
  const reader = new ScenarioReader(text);
  return { scenario: reader.read(), faults: reader.faults };
}

class ScenarioReader {
  readonly faults: Fault[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  read(): Scenario | undefined {
    const root = readJson(this.#text, this.faults);
    if (root === undefined) return undefined;
    if (root.kind !== "object") {
      this.#report(
        { severity: "error", code: "type", message: "expected an object with input_parameters", path: "" },
        root,
      );
      return undefined;
    }
    const objectives = this.#objectives(root);
    const settings = this.#settings(root);
    const space = this.#space(root);
    if (space === undefined || this.faults.some(({ severity }) => severity === "error")) return undefined;
    return { space, objectives, settings };
  }

  #report(fault: Fault, node: JsonNode): void {
    this.faults.push({ ...fault, place: placeIn(this.#text, node.start, node.end) });
  }

  #objectives(root: JsonNode & { readonly kind: "object" }): string[] {
    const path = "optimization_objectives";
    const node = root.members.get(path);
    if (node === undefined) {
      this.#report(
        { severity: "warning", code: "assumed", message: 'is missing; ["compute_time"] is assumed', path },
        root,
      );
      return ["compute_time"];
    }
    const items = node.kind === "array" ? node.items : [];
    const names = items.flatMap((item) => (item.kind === "string" ? [item.value] : []));
    if (names.length === 0 || names.length < items.length) {
      this.#report({ severity: "error", code: "type", message: "expected a list of names, at least one", path }, node);
    } else if (new Set(names).size < names.length) {
      this.#report({ severity: "error", code: "duplicate", message: "an objective is named twice", path }, node);
    }
    // Files of results have one column for each.
    const parameters = root.members.get("input_parameters");
    const both = names.find((name) => parameters?.kind === "object" && parameters.members.has(name));
    if (both !== undefined) {
      const message = `${both} names an objective and a parameter; rename one of them`;
      this.#report({ severity: "error", code: "duplicate", message, path }, node);
    }
    return names;
  }

  #settings(root: JsonNode & { readonly kind: "object" }): Settings {
    const settings: Record<string, unknown> = {};
    const read = new Set(["input_parameters", "optimization_objectives"]);
    for (const [key, field] of Object.entries(settingFields)) {
      settings[key] = field.absent;
      const node = this.#member(root, field.name, read);
      if (node === undefined) continue;
      const result = field.read(node);
      if (!("value" in result)) this.#report({ severity: "error", path: field.name, ...result }, node);
      else {
        settings[key] = result.value;
        const message = "warning" in result ? result.warning : undefined;
        if (message !== undefined)
          this.#report({ severity: "warning", code: "assumed", message, path: field.name }, node);
      }
    }
    this.#unread(root, "", read);
    return settings as unknown as Settings;
  }

  #member(root: JsonNode & { readonly kind: "object" }, name: string, read: Set<string>): JsonNode | undefined {
    let node: JsonNode = root;
    let path = "";
    for (const part of name.split(".")) {
      if (node.kind !== "object") {
        if (!read.has(`${path}!`))
          this.#report({ severity: "error", code: "type", message: "expected an object", path }, node);
        read.add(`${path}!`);
        return undefined;
      }
      path = path === "" ? part : `${path}.${part}`;
      const member: JsonNode | undefined = node.members.get(part);
      if (member === undefined) return undefined;
      read.add(path);
      node = member;
    }
    return node;
  }

  #unread(node: JsonNode & { readonly kind: "object" }, prefix: string, read: ReadonlySet<string>): void {
    const inner = new Set(["design_of_experiment", "feasible_output", "models"]);
    for (const [key, member] of node.members) {
      const path = `${prefix}${key}`;
      if (inner.has(path) && member.kind === "object") this.#unread(member, `${path}.`, read);
      else if (!read.has(path)) {
        const message = idleFields.has(path) ? "has no effect here" : "unknown field; it has no effect";
        this.#report({ severity: "warning", code: "ignored", message, path }, member);
      }
    }
  }

  #space(root: JsonNode & { readonly kind: "object" }): Space | undefined {
    const path = "input_parameters";
    const node = root.members.get(path);
    if (node?.kind !== "object") {
      const message = node === undefined ? "is missing" : "expected an object: one field per parameter";
      this.#report({ severity: "error", code: "parameter", message, path }, node ?? root);
      return undefined;
    }
    const parameters: Parameter[] = [];
    for (const [name, member] of node.members) {
      const parameter = readParameter(name, member, (fault, at) => this.#report(fault as Fault, at));
      if (parameter !== undefined) parameters.push(parameter);
    }
    if (parameters.length < node.members.size) return undefined;
    const { space, faults } = checkSpace(parameters);
    for (const fault of faults) this.#placed(fault, node);
    return space;
  }

  /** Reports a fault of the space at the field that its path names. */
  #placed(fault: Fault, parameters: JsonNode & { readonly kind: "object" }): void {
    const path = fault.path === "" ? "input_parameters" : `input_parameters.${fault.path}`;
    const name = [...parameters.members.keys()]
      .filter((each) => fault.path === each || fault.path.startsWith(`${each}.`))
      .sort((a, b) => b.length - a.length)[0];
    let node: JsonNode = name === undefined ? parameters : parameters.members.get(name)!;
    for (const [, field, index] of fault.path.slice(name?.length ?? 0).matchAll(/\.(\w+)|\[(\d+)\]/g)) {
      let next: JsonNode | undefined;
      if (node.kind === "object" && field !== undefined) next = node.members.get(field);
      if (node.kind === "array" && index !== undefined) next = node.items[Number(index)];
      if (next === undefined) break;
      node = next;
    }
    const literal = node.kind === "string" && node.end - node.start === node.value.length + 2;
    const [start, end] = fault.span ?? [0, 0];
    const span =
      fault.span !== undefined && literal ? { start: node.start + 1 + start, end: node.start + 1 + end } : node;
    this.faults.push({ ...fault, path, place: placeIn(this.#text, span.start, span.end) });
  }
}
