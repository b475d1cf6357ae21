/** Which stages have a result already, and why the others have none. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readText } from "../../files/read.ts";
import { writeWhole } from "../../files/write.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { enumeration } from "../../terminal/wording.ts";
import type { Pipeline, Stage } from "../pipeline.ts";
import type { KeptResult, StageCache } from "./stage-cache.ts";
import { ingredientsOf, keyOf, type StageIngredients } from "./stage-key.ts";

/** What is known of a stage before it runs. */
export interface StagePlan {
  readonly stage: Stage;
  /** Undefined while a stage that it takes from has no result. */
  readonly key: string | undefined;
  readonly ingredients: StageIngredients | undefined;
  readonly kept: KeptResult | undefined;
  /** Why there is a result, or none. */
  readonly why: string;
}

/** What stages were made from when they last ran in a folder. */
export type LastIngredients = Readonly<Record<string, StageIngredients>>;

/** Where plans look. */
export interface PlanPlace {
  readonly cache: StageCache;
  readonly last: LastIngredients;
  /** Whether results that are there are not used. */
  readonly fresh: boolean;
}

/** Plans one stage, given what is known of those before it. */
export function planStage(
  stage: Stage,
  before: ReadonlyMap<string, Pick<StagePlan, "kept">>,
  { folder, place }: { readonly folder: string; readonly place: PlanPlace },
): StagePlan {
  const sources = Object.entries(stage.from);
  const waiting = [...new Set(sources.map(([, name]) => name))].filter((name) => before.get(name)?.kept === undefined);
  if (waiting.length > 0) {
    return {
      stage,
      key: undefined,
      ingredients: undefined,
      kept: undefined,
      why: `takes from ${enumeration(waiting)}, which ${waiting.length === 1 ? "runs" : "run"} first`,
    };
  }
  const inputs = Object.fromEntries(sources.map(([input, name]) => [input, before.get(name)!.kept!.digest]));
  const ingredients = ingredientsOf(stage, inputs, folder);
  const key = keyOf(ingredients);
  const found = place.fresh ? "unwanted" : place.cache.read(key);
  if (typeof found === "object")
    return { stage, key, ingredients, kept: found, why: "nothing that it depends on changed" };
  const why = {
    unwanted: "--fresh leaves earlier results aside",
    damaged: "its result was damaged on the disk",
    missing: changeOf(stage, place.last[stage.name], ingredients),
  }[found];
  return { stage, key, ingredients, kept: undefined, why };
}

/** Plans all stages. */
export function planPipeline({ stages, folder }: Pipeline, place: PlanPlace): readonly StagePlan[] {
  const plans = new Map<string, StagePlan>();
  for (const stage of stages) plans.set(stage.name, planStage(stage, plans, { folder, place }));
  return [...plans.values()];
}

/** What is different from the last time. */
function changeOf(stage: Stage, last: StageIngredients | undefined, now: StageIngredients): string {
  if (last === undefined) return "it has not run here";
  if (last.kind !== now.kind) return `its kind was ${last.kind}`;
  const changes = [
    ...differences(last.options, now.options, (name, before, after) => `${name} was ${before}, is ${after}`),
    ...differences(last.files, now.files, (name) => `the file ${name} changed`),
    ...differences(last.inputs, now.inputs, (name) => `what ${stage.from[name] ?? "a stage"} gives changed`),
    ...differences(last.versions, now.versions, codeChange),
    ...differences(last.machine ?? {}, now.machine ?? {}, () => "it ran on another machine"),
  ];
  return changes.length === 0 ? "its result is gone" : [...new Set(changes)].slice(0, 4).join("; ");
}

// `"0.4.1+5c0f2a91"`, or that there is none.
function codeChange(name: string, before: string, after: string): string {
  const [was, is] = [before, after].map((text) => text.replace(/"([^+"]*).*/, "$1"));
  return was === is ? `the code of ${name} changed` : `${name} was version ${was}, is ${is}`;
}

function differences(
  before: Readonly<Record<string, JsonValue>>,
  after: Readonly<Record<string, JsonValue>>,
  say: (name: string, before: string, after: string) => string,
): string[] {
  const shown = (value: JsonValue | undefined): string => (value === undefined ? "not set" : JSON.stringify(value));
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) => {
    const [one, other] = [shown(before[name]), shown(after[name])];
    return one === other ? [] : [say(name, one, other)];
  });
}

const FILE = "ingredients.json";

/** What the stages of a folder were last made from; nothing where that cannot be read. */
export function readLast(folder: string, out: string): LastIngredients {
  const name = `${out}/${FILE}`;
  if (!existsSync(resolve(folder, name))) return {};
  try {
    return JSON.parse(readText(folder, name)) as LastIngredients;
  } catch {
    return {};
  }
}

/** Keeps what the stages were made from, in their order. */
export function writeLast(
  folder: string,
  out: string,
  plans: readonly Pick<StagePlan, "stage" | "ingredients">[],
): void {
  const all = Object.fromEntries(
    plans.flatMap(({ stage, ingredients }) => (ingredients === undefined ? [] : [[stage.name, ingredients]])),
  );
  writeWhole(folder, `${out}/${FILE}`, `${JSON.stringify(all, null, 1)}\n`);
}
