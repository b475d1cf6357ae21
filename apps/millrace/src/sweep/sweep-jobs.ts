/** The configurations of a space as jobs. */
import { Random, type Scenario } from "@millrace/baco-tuner";
import { type Job, type Json, jobOf } from "@millrace/sweep";
import { type Binding, bindingTable } from "../cli/flags.ts";
import type { Workplace } from "../cli/outcome.ts";
import { MillraceError } from "../errors.ts";
import { readScenarioText } from "../tuning/scenario-file.ts";
import { openSpace, splitSpaceName } from "../tuning/spaces/catalogue.ts";
import { spaceTask } from "./evaluate-job.ts";

/** Most configurations that are run without being asked for by number. */
const MOST_UNASKED = 10_000n;

/** What a command line says of a sweep. */
export interface SweepChoice {
  readonly input?: readonly Binding[] | undefined;
  readonly sample?: number | undefined;
  readonly seed: number;
}

/** A sweep: a space, and its configurations as jobs. */
export interface PlannedSweep {
  readonly name: string;
  readonly scenario: Scenario;
  readonly jobs: readonly Job[];
}

/**
 * All configurations of a space in the order of their ranks, or a sample of them.
 *
 * @throws {MillraceError} `argument` if it is no space, or has too many configurations to run them all
 */
export async function planSweep(name: string, choice: SweepChoice, place: Workplace): Promise<PlannedSweep> {
  const named = splitSpaceName(name);
  if (named === undefined) {
    throw new MillraceError("argument", `"${name}" is no space of the workbench`, {
      help: "name one such as step-moe:mixtral-8x7b; millrace tune --help lists them",
    });
  }
  const inputs = choice.input ?? [];
  bindingTable("-i", inputs);
  const request = { ...named, inputs, folder: place.host.folder, seed: choice.seed };
  const { scenario: fields } = await openSpace(request);
  const scenario = readScenarioText({ name, text: JSON.stringify(fields) }, place);
  const task = spaceTask(request) as unknown as Json;
  const jobs = configurations(name, scenario, choice).map((config) => jobOf(task, config as Json));
  return { name, scenario, jobs };
}

function configurations(name: string, { space }: Scenario, { sample, seed }: SweepChoice): readonly unknown[] {
  const { size } = space;
  if (sample === undefined && (size === null || size > MOST_UNASKED)) {
    const many = size === null ? "endlessly many" : size.toLocaleString("en");
    throw new MillraceError("argument", `${name} has ${many} configurations`, {
      help: "run some of them with --sample N, or search them with millrace tune",
    });
  }
  if (sample !== undefined && (size === null || BigInt(sample) < size)) {
    return space.sample(sample, new Random(seed)).map((point) => space.configAt(point));
  }
  return Array.from({ length: Number(size) }, (_, rank) => space.configAt(space.pointAt(BigInt(rank))));
}
