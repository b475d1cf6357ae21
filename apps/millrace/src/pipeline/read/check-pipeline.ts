/** Checks a pipeline as a whole before anything runs: kinds, options, references between stages, cycles. */
import type { DiagnosticBag, Span } from "@millrace/ir-text";
import { kindNamed, stageKindNames } from "../catalogue.ts";
import type { OptionContext } from "../options/option-shape.ts";
import type { Stage } from "../pipeline.ts";
import type { StageKind } from "../stage-kind.ts";
import { type StageSources, sourcesOf } from "./check-sources.ts";
import { orderStages } from "./order-stages.ts";
import type { Override } from "./overrides.ts";
import type { WrittenPipeline, WrittenStage } from "./read-pipeline.ts";
import { meant, report } from "./written-value.ts";

/** What a check needs besides the text. */
export interface CheckContext extends OptionContext {
  readonly bag: DiagnosticBag;
  /** Value of options that are called `seed`, where none is written. */
  readonly seed: number;
}

const listed = "millrace stages lists them";

/** The stages of a pipeline, in an order in which they can run. Faults are reported where they stand. */
export function checkPipeline(
  { names, stages }: WrittenPipeline,
  overrides: readonly Override[],
  context: CheckContext,
): readonly Stage[] {
  for (const { stage, stageSpan } of overrides) {
    if (!names.includes(stage))
      report(
        context.bag,
        stageSpan,
        `there is no stage ${stage}`,
        meant(stage, names, `the stages are ${names.join(", ")}`),
      );
  }
  // A stage that could not be read is there all the same: what it gives is not known.
  const kinds = new Map<string, StageKind | undefined>(names.map((name) => [name, undefined]));
  for (const stage of stages) kinds.set(stage.name, kindOf(stage, context.bag));
  const checked = stages.flatMap((stage): (Stage & { readonly sources: StageSources })[] => {
    const kind = kinds.get(stage.name);
    const sources = sourcesOf(stage, kind, kinds, context.bag);
    if (kind === undefined) return [];
    const options = optionsOf(
      stage,
      kind,
      overrides.filter((override) => override.stage === stage.name),
      context,
    );
    const files = Object.entries(kind.options).flatMap(([name, shape]) =>
      options[name] === undefined ? [] : (shape.files?.(options[name]) ?? []),
    );
    const from = Object.fromEntries(sources.map(({ input, stage: source }) => [input, source]));
    return [{ name: stage.name, kind, from, options, files, sources }];
  });
  return orderStages(checked, context.bag);
}

function kindOf({ name, span, kind }: WrittenStage, bag: DiagnosticBag): StageKind | undefined {
  if (kind === undefined) return report(bag, span, `stage ${name} needs a kind`, listed);
  const word = kind.text;
  if (word === undefined) return kind.refuse(`the kind of ${name} must be a name, not ${kind.kind}`, listed);
  return kindNamed(word) ?? kind.refuse(`there is no kind of stage ${word}`, meant(word, stageKindNames, listed));
}

function optionsOf(
  stage: WrittenStage,
  kind: StageKind,
  overrides: readonly Override[],
  context: CheckContext,
): Stage["options"] {
  const { bag } = context;
  const names = Object.keys(kind.options);
  const about = names.length === 0 ? `${kind.name} has no options` : `its options are ${names.join(", ")}`;
  const stray = (name: string, span: Span, others: readonly string[]): void => {
    if (!names.includes(name))
      report(bag, span, `${kind.name} has no option ${name}`, meant(name, [...names, ...others], about));
  };
  for (const { key, span } of stage.options) stray(key, span, ["from", "kind"]);
  for (const { option, optionSpan } of overrides) stray(option, optionSpan, []);
  return Object.fromEntries(
    Object.entries(kind.options).map(([name, shape]) => {
      const set = overrides.find(({ option }) => option === name)?.value;
      const value = set ?? stage.options.find(({ key }) => key === name)?.value;
      if (value !== undefined) return [name, shape.read(value, context)];
      if (name === "seed") return [name, context.seed];
      if (shape.fallback !== "required") return [name, shape.fallback.value];
      const help = `write ${name}: and ${shape.expects}`;
      return [name, report(bag, stage.span, `stage ${stage.name} needs ${name}: ${lowered(shape.brief)}`, help)];
    }),
  );
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
