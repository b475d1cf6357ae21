/** Finds what is wrong with parameters taken alone, and brings their values into the form a space needs. */
import type { Fault, FaultCode } from "../fault.ts";
import { coordinateOf, type Parameter, type Value, valueCount, valueToText } from "./parameter.ts";
import { largestPermutation } from "./permutation.ts";

/** The largest permutation with one feature per permutation: 720 features. */
const mostNaiveElements = 6;

/** Parameters with ordinal values ascending and single, and bounds in order; what was wrong goes to `faults`. */
export function checkParameters(parameters: readonly Parameter[], faults: Fault[]): Parameter[] {
  if (parameters.length === 0) {
    faults.push({ severity: "error", code: "empty-space", message: "there are no parameters", path: "" });
  }
  const names = new Set<string>();
  return parameters.map((parameter) => {
    const check = new ParameterCheck(parameter, faults);
    if (names.has(parameter.name))
      check.error("duplicate", "", "another parameter has the same name", "rename one of them");
    names.add(parameter.name);
    return check.run();
  });
}

class ParameterCheck {
  readonly #parameter: Parameter;
  readonly #faults: Fault[];

  constructor(parameter: Parameter, faults: Fault[]) {
    this.#parameter = parameter;
    this.#faults = faults;
  }

  run(): Parameter {
    const before = this.#faults.length;
    const normal = this.#normalise();
    if (this.#faults.slice(before).some(({ severity }) => severity === "error")) return normal;
    this.#checkTransform(normal);
    this.#checkPrior(normal);
    const start = normal.default;
    if (start !== undefined && coordinateOf(normal, start) === undefined) {
      this.error(
        "default",
        ".parameter_default",
        `the default ${show(start)} is no value of the parameter`,
        describeDomain(normal),
      );
    }
    return normal;
  }

  error(code: FaultCode, field: string, message: string, help?: string): void {
    const path = `${this.#parameter.name}${field}`;
    this.#faults.push({ severity: "error", code, message, path, ...(help === undefined ? {} : { help }) });
  }

  #normalise(): Parameter {
    const parameter = this.#parameter;
    if (parameter.kind === "permutation") return this.#permutation(parameter);
    if (parameter.kind === "real" || parameter.kind === "integer") return this.#range(parameter);
    if (parameter.values.length === 0) {
      this.error("value", ".values", "there are no values", "list at least one");
      return parameter;
    }
    if (new Set(parameter.values).size < parameter.values.length && parameter.kind === "categorical") {
      this.error("value", ".values", "a category is listed twice");
    }
    if (parameter.kind === "categorical") return parameter;
    const wrong = parameter.values.find((value) => !Number.isFinite(value));
    if (wrong !== undefined) this.error("value", ".values", `${show(wrong)} is not a finite number`);
    const values = [...new Set(parameter.values)].sort((a, b) => a - b);
    if (values.length < parameter.values.length) {
      const path = `${parameter.name}.values`;
      this.#faults.push({ severity: "warning", code: "value", message: "values listed twice are taken once", path });
    }
    return { ...parameter, values };
  }

  #permutation(parameter: Parameter & { readonly kind: "permutation" }): Parameter {
    const { size, metric } = parameter;
    if (!Number.isInteger(size) || size < 1 || size > largestPermutation) {
      const help = `a permutation has 1 to ${largestPermutation} elements`;
      this.error("value", ".values", `${show(size)} is no size of a permutation`, help);
    } else if (metric === "naive" && size > mostNaiveElements) {
      const help = "use spearman, kendall or hamming";
      this.error(
        "value",
        ".parametrization",
        `naive has one feature per permutation, ${valueCount(parameter)} here`,
        help,
      );
    }
    return parameter;
  }

  #range(parameter: Parameter & { readonly kind: "real" | "integer" }): Parameter {
    const { minimum, maximum } = parameter;
    const wrong = [minimum, maximum].find((bound) => {
      return parameter.kind === "integer" ? !Number.isSafeInteger(bound) : !Number.isFinite(bound);
    });
    if (wrong !== undefined) {
      this.error(
        "value",
        ".values",
        `the bound ${show(wrong)} is not a finite ${parameter.kind === "real" ? "number" : "integer"}`,
      );
    }
    return minimum <= maximum ? parameter : { ...parameter, minimum: maximum, maximum: minimum };
  }

  #checkTransform(parameter: Parameter): void {
    if (parameter.transform !== "log") return;
    if (parameter.kind === "permutation" || parameter.kind === "categorical") {
      const message = `a ${parameter.kind} parameter has no logarithm; the transform is passed over`;
      this.#faults.push({ severity: "warning", code: "ignored", message, path: `${parameter.name}.transform` });
      return;
    }
    const least = parameter.kind === "ordinal" ? parameter.values[0]! : parameter.minimum;
    if (!(least > 0)) {
      this.error(
        "value",
        ".transform",
        `log needs values above 0, and ${least} is among them`,
        "use none, or drop the value",
      );
    }
  }

  #checkPrior(parameter: Parameter): void {
    const prior = parameter.prior;
    if (prior === undefined || prior.kind === "uniform") return;
    if (prior.kind === "weights") {
      const count = valueCount(parameter);
      if (prior.weights.length !== count) {
        this.error("prior", ".prior", `the prior has ${prior.weights.length} weights for ${count} values`);
      } else if (
        prior.weights.some((weight) => !(weight >= 0 && Number.isFinite(weight))) ||
        prior.weights.every((w) => w === 0)
      ) {
        this.error("prior", ".prior", "the weights of a prior are finite, not negative and not all 0");
      }
    } else if (parameter.kind === "permutation" || parameter.kind === "categorical") {
      this.error(
        "prior",
        ".prior",
        `a ${prior.kind} prior needs a parameter with ordered values`,
        "list one weight per value",
      );
    } else if (prior.kind === "normal" && !(Number.isFinite(prior.mean) && prior.deviation > 0)) {
      this.error("prior", ".prior_parameters", "a normal prior needs a finite mean and a deviation above 0");
    }
  }
}

function show(value: Value): string {
  return typeof value === "string" ? JSON.stringify(value) : valueToText(value);
}

/** What values a parameter takes, as a phrase for messages. */
export function describeDomain(parameter: Parameter): string {
  if (parameter.kind === "permutation") return `expected the numbers 0 to ${parameter.size - 1}, each once`;
  if (parameter.kind === "real" || parameter.kind === "integer") {
    return `expected ${parameter.kind === "real" ? "a number" : "an integer"} from ${parameter.minimum} to ${parameter.maximum}`;
  }
  const { values } = parameter;
  const listed = values.length > 12 ? [...values.slice(0, 6), "...", values.at(-1)] : values;
  return `expected one of ${listed.join(", ")}`;
}
