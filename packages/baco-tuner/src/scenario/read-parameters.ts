/** Reads the `input_parameters` of a scenario. */
import type { Fault, FaultCode } from "../fault.ts";
import type { Parameter, ParameterOptions, PermutationMetric, Prior, Value } from "../space/parameter.ts";
import { type JsonNode, plainValue } from "./json.ts";

/** Takes a fault at a node of the file. */
export type Report = (fault: Pick<Fault, "severity" | "code" | "message" | "path" | "help">, node: JsonNode) => void;

const metrics: readonly string[] = ["spearman", "kendall", "kendall-position", "hamming", "naive"];
const kinds = "real, integer, ordinal, categorical or permutation";
const knownFields = new Set(
  "parameter_type values parameter_default constraints dependencies transform prior prior_parameters parametrization".split(
    " ",
  ),
);

/** Reads one parameter; `undefined` where it has no kind or no values, with the fault reported. */
export function readParameter(name: string, node: JsonNode, report: Report): Parameter | undefined {
  return new ParameterReader(name, node, report).read();
}

class ParameterReader {
  readonly #name: string;
  readonly #node: JsonNode;
  readonly #report: Report;
  #failed = false;

  constructor(name: string, node: JsonNode, report: Report) {
    this.#name = name;
    this.#node = node;
    this.#report = report;
  }

  read(): Parameter | undefined {
    if (this.#node.kind !== "object") {
      return this.#wrong(
        this.#node,
        "",
        "type",
        'expected an object such as {"parameter_type": "ordinal", "values": [1, 2]}',
      );
    }
    for (const [field, node] of this.#node.members) {
      if (knownFields.has(field)) continue;
      const path = `${this.#path}.${field}`;
      this.#report({ severity: "warning", code: "ignored", message: "unknown field; it has no effect", path }, node);
    }
    const options = this.#options();
    const parameter = this.#kind(options);
    return this.#failed ? undefined : parameter;
  }

  get #path(): string {
    return `input_parameters.${this.#name}`;
  }

  #field(name: string): JsonNode | undefined {
    return this.#node.kind === "object" ? this.#node.members.get(name) : undefined;
  }

  #wrong(node: JsonNode, field: string, code: FaultCode, message: string, help?: string): undefined {
    this.#failed = true;
    this.#report({ severity: "error", code, message, path: `${this.#path}${field}`, ...(help && { help }) }, node);
  }

  #kind(options: ParameterOptions): Parameter | undefined {
    const kind = this.#field("parameter_type");
    if (kind === undefined) return this.#wrong(this.#node, "", "parameter", `parameter_type is missing: ${kinds}`);
    const common = { ...options, name: this.#name };
    switch (kind.kind === "string" ? kind.value : "") {
      case "real":
      case "integer": {
        const bounds = this.#numbers("expected [minimum, maximum]", 2);
        const kindName = (kind as { value: "real" | "integer" }).value;
        return bounds && ({ ...common, kind: kindName, minimum: bounds[0]!, maximum: bounds[1]! } as Parameter);
      }
      case "ordinal": {
        const values = this.#numbers("expected a list of numbers");
        return values && { ...common, kind: "ordinal", values };
      }
      case "categorical": {
        const values = this.#categories();
        return values && { ...common, kind: "categorical", values };
      }
      case "permutation": {
        const size = this.#numbers("expected [number of elements]", 1);
        return size && { ...common, kind: "permutation", size: size[0]!, metric: this.#metric() };
      }
      default:
        return this.#wrong(
          kind,
          ".parameter_type",
          "parameter",
          `expected ${kinds}, not ${JSON.stringify(plainValue(kind))}`,
        );
    }
  }

  #numbers(expected: string, length?: number): number[] | undefined {
    const node = this.#field("values");
    if (node === undefined) return this.#wrong(this.#node, "", "value", `values is missing: ${expected}`);
    if (node.kind !== "array") return this.#wrong(node, ".values", "type", expected);
    if (length !== undefined && node.items.length !== length) return this.#wrong(node, ".values", "value", expected);
    const numbers: number[] = [];
    for (const [index, item] of node.items.entries()) {
      if (item.kind === "number") numbers.push(item.value);
      else this.#wrong(item, `.values[${index}]`, "type", `expected a number, not ${JSON.stringify(plainValue(item))}`);
    }
    return numbers;
  }

  #categories(): (string | number)[] | undefined {
    const node = this.#field("values");
    if (node?.kind !== "array") return this.#wrong(node ?? this.#node, ".values", "type", "expected a list of strings");
    const values: (string | number)[] = [];
    for (const [index, item] of node.items.entries()) {
      if (item.kind === "string" || item.kind === "number") values.push(item.value);
      else this.#wrong(item, `.values[${index}]`, "type", "expected a string or a number");
    }
    return values;
  }

  #metric(): PermutationMetric {
    const node = this.#field("parametrization");
    if (node?.kind === "string" && metrics.includes(node.value)) return node.value as PermutationMetric;
    if (node === undefined) {
      const path = `${this.#path}.parametrization`;
      this.#report({ severity: "warning", code: "assumed", message: "spearman is assumed", path }, this.#node);
    } else this.#wrong(node, ".parametrization", "value", `expected one of ${metrics.join(", ")}`);
    return "spearman";
  }

  #options(): ParameterOptions {
    const start = this.#field("parameter_default");
    const constraints = this.#texts("constraints");
    const dependencies = this.#texts("dependencies");
    const prior = this.#prior();
    return {
      transform: this.#transform(),
      ...(start && start.kind !== "null" && { default: plainValue(start) as Value }),
      ...(constraints && { constraints }),
      ...(dependencies && { dependencies }),
      ...(prior && { prior }),
    };
  }

  #transform(): "none" | "log" {
    const node = this.#field("transform");
    const value = node?.kind === "string" ? node.value : undefined;
    if (node === undefined || value === "none") return "none";
    if (value !== "log") this.#wrong(node, ".transform", "value", "expected log or none");
    return "log";
  }

  #texts(field: "constraints" | "dependencies"): string[] | undefined {
    const node = this.#field(field);
    if (node === undefined) return undefined;
    if (node.kind !== "array") return this.#wrong(node, `.${field}`, "type", "expected a list of strings");
    return node.items.flatMap((item, index) => {
      if (item.kind === "string") return [item.value];
      this.#wrong(item, `.${field}[${index}]`, "type", "expected a string");
      return [];
    });
  }

  #prior(): Prior | undefined {
    const node = this.#field("prior");
    if (node === undefined) return undefined;
    const value = plainValue(node);
    if (Array.isArray(value) && value.every((weight) => typeof weight === "number"))
      return { kind: "weights", weights: value };
    const parameters = this.#field("prior_parameters");
    if (value === "gaussian" && parameters !== undefined) {
      const [mean, deviation] = parameters.kind === "array" ? parameters.items.map(plainValue) : [];
      if (typeof mean === "number" && typeof deviation === "number") return { kind: "normal", mean, deviation };
      return this.#wrong(parameters, ".prior_parameters", "prior", "expected [mean, standard deviation]");
    }
    const shapes = { gaussian: [3, 3], decay: [0.8, 1], exponential: [1, 0.8] } as const;
    if (value === "gaussian" || value === "decay" || value === "exponential") {
      return { kind: "beta", alpha: shapes[value][0], beta: shapes[value][1] };
    }
    if (value === "uniform") return { kind: "uniform" };
    return this.#wrong(node, ".prior", "prior", "expected uniform, gaussian, decay, exponential or a list of weights");
  }
}
