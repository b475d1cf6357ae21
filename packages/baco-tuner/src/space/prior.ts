/** Priors as weights of values, and as draws of reals. */
import type { Random } from "../numeric/random.ts";
import { numberAt, type Parameter, type Prior, valueCount } from "./parameter.ts";
import { scaleOf } from "./scale.ts";

/** The density of a prior at a place `unit` of the range (0 to 1) where the value is `value`; not normalised. */
function priorDensity(prior: Prior, unit: number, value: number): number {
  switch (prior.kind) {
    case "beta": {
      // Kept off the ends, where the density of a decaying prior is infinite.
      const inside = Math.min(Math.max(unit, 1e-3), 1 - 1e-3);
      return inside ** (prior.alpha - 1) * (1 - inside) ** (prior.beta - 1);
    }
    case "normal":
      return Math.exp(-0.5 * ((value - prior.mean) / prior.deviation) ** 2);
    default:
      return 1;
  }
}

/** One weight per value of a discrete parameter; `undefined` where all are alike. */
export function priorWeights(parameter: Parameter): Float64Array | undefined {
  const prior = parameter.prior;
  if (prior === undefined || prior.kind === "uniform" || parameter.kind === "real") return undefined;
  if (prior.kind === "weights") return Float64Array.from(prior.weights);
  const scale = scaleOf(parameter);
  return Float64Array.from({ length: valueCount(parameter) }, (_, coordinate) => {
    const value = numberAt(parameter, coordinate);
    return priorDensity(prior, scale(value), value);
  });
}

/** The logarithm of a parameter's prior at a coordinate, 0 where it is highest. */
export function logPriorOf(parameter: Parameter): (coordinate: number) => number {
  const weights = priorWeights(parameter);
  if (weights !== undefined) {
    const most = Math.log(Math.max(...weights));
    return (coordinate) => Math.log(weights[coordinate]!) - most;
  }
  const { prior } = parameter;
  if (parameter.kind !== "real" || prior === undefined || prior.kind === "uniform") return () => 0;
  const scale = scaleOf(parameter);
  const density = (value: number) => priorDensity(prior, scale(value), value);
  const { minimum, maximum } = parameter;
  const places = Array.from({ length: 1001 }, (_, i) => minimum + ((maximum - minimum) * i) / 1000);
  const most = Math.log(Math.max(...places.map(density)));
  return (value) => Math.min(0, Math.log(density(value)) - most);
}

/** A value of a real parameter: uniform in its transformed range, or by its prior. */
export function realFromPrior(parameter: Parameter, byPrior: boolean, random: Random): number {
  if (parameter.kind !== "real") return 0;
  const { minimum, maximum, transform } = parameter;
  const prior = byPrior ? parameter.prior : undefined;
  if (prior?.kind === "normal") {
    for (let round = 0; round < 1000; round++) {
      const value = prior.mean + prior.deviation * random.normal();
      if (value >= minimum && value <= maximum) return value;
    }
  }
  const unit = prior?.kind === "beta" ? betaDraw(prior, random) : random.float();
  const value = transform === "log" ? minimum * (maximum / minimum) ** unit : minimum + (maximum - minimum) * unit;
  return Math.min(Math.max(value, minimum), maximum);
}

function betaDraw(prior: Prior & { readonly kind: "beta" }, random: Random): number {
  const highest = Math.max(...[0.001, 0.25, 0.5, 0.75, 0.999].map((unit) => priorDensity(prior, unit, 0)));
  for (let round = 0; round < 10_000; round++) {
    const unit = random.float();
    if (random.float() * highest <= priorDensity(prior, unit, 0)) return unit;
  }
  return random.float();
}
