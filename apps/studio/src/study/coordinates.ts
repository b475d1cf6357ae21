/** The axes of parallel coordinates, and where on them each evaluation stands. */
import { numberLabel } from "../chart/number-label.ts";
import { makeScale, rangeOf } from "../chart/scale.ts";
import type { StudyParameter, StudyView } from "../view/study.ts";
import { type Quality, valuesOf } from "./quality.ts";

/** One axis. */
export interface CoordinateAxis {
  readonly name: string;
  readonly isObjective: boolean;
  /** Place of each evaluation, from 0 at the bottom to 1 at the top; NaN where it has no value. */
  readonly places: Float64Array;
  readonly labels: readonly { readonly place: number; readonly text: string }[];
}

/** Stretches of axes that are asked for, by the name of the axis; ends are places. */
export type Brushes = Readonly<Record<string, readonly [low: number, high: number]>>;

/** Labels on one axis; more would overlap. */
const mostLabels = 12;

/**
 * The axes of a study: its parameters, then its objectives.
 *
 * Evaluations with the same choice share a band of the axis, in which the better stand higher: lines of many evaluations
 * then stay apart, and a choice whose band is good at its top only is seen to depend on others.
 */
export function coordinateAxes(study: StudyView, quality: Quality): CoordinateAxis[] {
  const { parameters, objectives, evaluations } = study;
  const own = parameters.map((parameter, p) => parameterAxis(parameter, evaluations.config[p]!, quality));
  const results = objectives.map(({ name }, o): CoordinateAxis => {
    const values = valuesOf(study, o);
    return numberAxis({ name, isObjective: true, values, range: rangeOf(values), log: true });
  });
  return [...own, ...results];
}

/** Which evaluations stand within all brushes: 1 for each that does. */
export function brushed(axes: readonly CoordinateAxis[], brushes: Brushes, count: number): Uint8Array {
  const inside = new Uint8Array(count).fill(1);
  for (const { name, places } of axes) {
    const brush = brushes[name];
    if (brush === undefined) continue;
    const [low, high] = brush;
    // A place that is not a number lies in no brush.
    for (let at = 0; at < count; at++) if (!(places[at]! >= low && places[at]! <= high)) inside[at] = 0;
  }
  return inside;
}

function parameterAxis(parameter: StudyParameter, column: readonly number[], quality: Quality): CoordinateAxis {
  const { name } = parameter;
  if (parameter.kind === "choice") return choiceAxis(name, parameter.values, column, quality);
  const { least, most, log = false } = parameter;
  return numberAxis({ name, isObjective: false, values: Float64Array.from(column), range: [least, most], log });
}

interface NumberAxis {
  readonly name: string;
  readonly isObjective: boolean;
  readonly values: Float64Array;
  readonly range: readonly [number, number];
  readonly log: boolean;
}

function numberAxis({ name, isObjective, values, range: [least, most], log }: NumberAxis): CoordinateAxis {
  // Objectives within one power of ten are as well read on a linear scale.
  const scale = makeScale({ least, most, from: 0, to: 1, logarithmic: log && (!isObjective || most > 10 * least) });
  const inner = scale.ticks.filter(({ place }) => place > 0.08 && place < 0.92);
  return {
    name,
    isObjective,
    places: values.map((value) => scale.place(value)),
    labels: [
      { place: 0, text: numberLabel(scale.least) },
      ...inner.map(({ place, label }) => ({ place, text: label })),
      { place: 1, text: numberLabel(scale.most) },
    ],
  };
}

/** Share of its part of the axis that a choice's band fills. */
const bandShare = 0.7;

function choiceAxis(
  name: string,
  values: readonly string[],
  column: readonly number[],
  { share }: Quality,
): CoordinateAxis {
  const band = 1 / values.length;
  const places = Float64Array.from(column, (choice, at) => {
    const within = Number.isNaN(share[at]!) ? 0 : share[at]!;
    return (choice + 0.5 + bandShare * (within - 0.5)) * band;
  });
  const every = Math.ceil(values.length / mostLabels);
  return {
    name,
    isObjective: false,
    places,
    labels: values.flatMap((text, at) => (at % every === 0 ? [{ place: (at + 0.5) * band, text }] : [])),
  };
}
