import { describe, expect, it } from "vitest";
import { factorInPlace, packedRow } from "../../src/numeric/cholesky.ts";
import { Random } from "../../src/numeric/random.ts";
import { fitHyperparameters } from "../../src/surrogate/fit.ts";
import { GaussianProcess } from "../../src/surrogate/gaussian-process.ts";
import { type HyperPriors, LogPosterior, logPriorDensity, packLogarithms } from "../../src/surrogate/log-posterior.ts";
import { scaled, scalingOf } from "../../src/surrogate/scaling.ts";

const none = { name: "none" } as const;
const noPriors: HyperPriors = { lengthscale: none, outputscale: none, noise: none };
const gamma = { name: "gamma", parameters: [1.3, 0.1] } as const;

const raw = [10, 2, 5];
const scaling = scalingOf(raw, { logarithmic: true, ceiling: null });
const samples = {
  rows: Float64Array.of(0, 0.25, 0.5, 1, 1, 0),
  values: Float64Array.from(raw, (value) => scaled(scaling, value)),
  width: 2,
};
const hyper = { lengthscales: Float64Array.of(0.5, 0.8), variance: 1.2, noise: 0.01 };

function expectClose(actual: ArrayLike<number>, wanted: readonly number[], digits = 10): void {
  wanted.forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits);
  });
}

describe("three points of two columns", () => {
  it("are scaled to the unbiased deviation of their logarithms", () => {
    expectClose([scaling.mean, scaling.deviation], [0.666666666667, 0.350602903523]);
    expectClose(samples.values, [0.950743219705, -1.042879757494, 0.092136537789]);
  });

  it("have the likelihood of the definition, and its gradient", () => {
    const posterior = new LogPosterior(samples, noPriors);
    const gradient = new Float64Array(4);
    const logarithms = packLogarithms(hyper);
    expectClose([posterior.valueAndGradient(logarithms, gradient)], [-4.216763490545]);
    const natural = gradient.map((slope, i) => slope / Math.exp(logarithms[i]!));
    expectClose(natural, [-0.703502866805, -0.58475123199, -0.197427119502, 0.214214766182], 9);
  });

  it("have the posterior of the definition", () => {
    const process = new GaussianProcess(samples, hyper);
    const rows = Float64Array.of(0.25, 0.5, 0.75, 0.75, 0.5, 1);
    const found = [0, 2, 4].map((offset) => [process.meanAt(rows, offset), process.varianceThere()] as const);
    expectClose(
      found.map(([mean]) => mean),
      [0.15975155975, -0.743443275766, -1.029700864861],
    );
    expectClose(
      found.map(([, variance]) => variance),
      [0.282082293537, 0.369856905515, 0.009902559633],
    );
  });

  it("bound the variance from above while it is not known", () => {
    const process = new GaussianProcess(samples, hyper);
    const row = Float64Array.of(0.75, 0.75);
    process.meanAt(row, 0);
    const variance = process.varianceThere();
    process.meanAt(row, 0);
    const bounds: number[] = [];
    const asked = process.varianceThere((most) => bounds.push(most) === 0);
    expect(asked).toBe(variance);
    process.meanAt(row, 0);
    const answer = process.varianceThere(() => true);
    expect(bounds[0]).toBeLessThan(hyper.variance);
    expect(answer).toBe(bounds[0]);
    expect(answer).toBeGreaterThanOrEqual(variance);
  });

  it("grow by one row of the factor", () => {
    const process = new GaussianProcess(samples, hyper);
    process.append(Float64Array.of(0.75, 0.75), 0);
    expectClose(process.factor.subarray(packedRow(3)), [0.26040122467, 0.805048412731, 0.337981286219, 0.616325324414]);
  });
});

it("the kernel is that of Matern with 5/2, at summed squares", () => {
  const squares = [0.4, 0.8, 1, 2, 4, 8, 10];
  const wanted = [
    0.749013540467, 0.586452894025, 0.523994108832, 0.317283363954, 0.138660219139, 0.037014037117, 0.021010393769,
  ];
  const unit = { lengthscales: Float64Array.of(1), variance: 1, noise: 1e-6 };
  const process = new GaussianProcess({ rows: Float64Array.of(0), values: Float64Array.of(1 + 1e-6), width: 1 }, unit);
  expectClose(
    squares.map((square) => process.meanAt(Float64Array.of(Math.sqrt(square)), 0)),
    wanted,
  );
});

it("the prior of a lengthscale is a gamma density", () => {
  const wanted = [-3.32607411972, -3.098433498514, -2.877241657216, -2.902354437654];
  expectClose(
    [0.25, 0.6, 2, 5].map((x) => logPriorDensity(gamma, x)),
    wanted,
  );
});

function randomSamples(random: Random, n: number, width: number) {
  return {
    rows: Float64Array.from({ length: n * width }, (_, i) => (i % 3 === 0 ? random.below(3) / 2 : random.float())),
    values: Float64Array.from({ length: n }, () => random.normal()),
    width,
  };
}

it("gradients are those of central differences on 50 random problems", () => {
  const random = new Random(5);
  const priors: HyperPriors = {
    lengthscale: gamma,
    outputscale: { name: "lognormal", parameters: [0.2, 0.7] },
    noise: { name: "gamma", parameters: [1.1, 0.05] },
  };
  for (let problem = 0; problem < 50; problem++) {
    const width = 1 + (problem % 6);
    const posterior = new LogPosterior(randomSamples(random, 4 + (problem % 9), width), priors);
    const at = Float64Array.from({ length: width + 2 }, () => random.float() - 0.5).with(width + 1, -3);
    const gradient = new Float64Array(width + 2);
    posterior.valueAndGradient(at, gradient);
    at.forEach((value, i) => {
      const step = 1e-5;
      const slope =
        (posterior.value(at.with(i, value + step)) - posterior.value(at.with(i, value - step))) / (2 * step);
      expect(Math.abs(slope - gradient[i]!)).toBeLessThan(1e-5 * Math.max(1, Math.abs(slope)));
    });
  }
});

it("500 points added one by one give the factor of all at once", () => {
  const random = new Random(9);
  const all = randomSamples(random, 500, 3);
  const first = { rows: all.rows.subarray(0, 3), values: all.values.subarray(0, 1), width: 3 };
  const wide = { lengthscales: Float64Array.of(0.5, 0.7, 2), variance: 1.5, noise: 1e-3 };
  const process = new GaussianProcess(first, wide);
  for (let i = 1; i < 500; i++) process.append(all.rows.subarray(3 * i, 3 * i + 3), all.values[i]!);
  const matrix = new Float64Array(packedRow(500));
  for (let i = 0; i < 500; i++) {
    for (let k = 0; k <= i; k++) {
      let square = 0;
      for (let c = 0; c < 3; c++)
        square += ((all.rows[3 * i + c]! - all.rows[3 * k + c]!) / wide.lengthscales[c]!) ** 2;
      const q = Math.sqrt(5 * square);
      matrix[packedRow(i) + k] = 1.5 * (1 + q + (q * q) / 3) * Math.exp(-q) + (i === k ? 1e-3 : 0);
    }
  }
  expect(factorInPlace(matrix, 500)).toBe(true);
  let apart = 0;
  process.factor.forEach((value, i) => {
    apart = Math.max(apart, Math.abs(value - matrix[i]!));
  });
  expect(apart).toBeLessThan(1e-9);
});

it("a fit finds which columns matter, twice the same", () => {
  const random = new Random(2);
  const rows = Float64Array.from({ length: 80 }, () => random.float());
  const values = Float64Array.from({ length: 40 }, (_, i) => Math.sin(5 * rows[2 * i]!));
  const options = { priors: { ...noPriors, lengthscale: gamma }, noise: true, draws: 20, climbs: 3, iterations: 60 };
  const fitted = fitHyperparameters({ rows, values, width: 2 }, new Random(1), options);
  expect(fitted.lengthscales[1]! / fitted.lengthscales[0]!).toBeGreaterThan(5);
  expect(fitted.noise).toBeLessThan(1e-3);
  expect(fitHyperparameters({ rows, values, width: 2 }, new Random(1), options)).toEqual(fitted);
});
