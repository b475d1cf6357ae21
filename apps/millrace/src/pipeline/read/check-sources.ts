/** What a stage takes from others: `from: STAGE`, or `from: {INPUT: STAGE, ...}` for a kind of several inputs. */
import type { DiagnosticBag, Span } from "@millrace/ir-text";
import { enumeration } from "../../terminal/wording.ts";
import type { StageKind } from "../stage-kind.ts";
import type { WrittenStage } from "./read-pipeline.ts";
import { meant, report, type WrittenValue } from "./written-value.ts";

/** The stages that inputs come from, with the place of each reference. */
export type StageSources = readonly {
  readonly input: string;
  readonly stage: string;
  readonly span: Span;
}[];

type Kinds = ReadonlyMap<string, StageKind | undefined>;

/** The references of a stage that name other stages. What gives another thing than is taken, or is missing, is reported. */
export function sourcesOf(
  stage: WrittenStage,
  kind: StageKind | undefined,
  kinds: Kinds,
  bag: DiagnosticBag,
): StageSources {
  const written = stage.from === undefined ? [] : referencesOf(stage.from, kind);
  const sources = written.flatMap(({ input, span, value }) => {
    const name = stageNamed(stage, value, kinds);
    if (name === undefined) return [];
    checkType({ stage, kind, input, kinds, name, value });
    return [{ input, stage: name, span }];
  });
  if (kind === undefined) return sources;
  for (const [input, { type, brief, optional }] of Object.entries(kind.inputs)) {
    if (optional || written.some((reference) => reference.input === input)) continue;
    // A reference that could not be told apart was reported itself.
    if (stage.from !== undefined && written.length === 0) continue;
    const givers = [...kinds].filter(([, other]) => other?.output === type).map(([name]) => name);
    const only = Object.keys(kind.inputs).length === 1;
    const line = (name: string): string => (only ? `from: ${name}` : `from: {${input}: ${name}}`);
    const help = givers[0] === undefined ? `no stage here gives ${withArticle(type)}` : `write ${line(givers[0])}`;
    report(bag, stage.from?.span ?? stage.span, `stage ${stage.name} needs ${input}: ${brief}`, help);
  }
  return sources;
}

interface Reference {
  readonly input: string;
  readonly span: Span;
  readonly value: WrittenValue;
}

function referencesOf(from: WrittenValue, kind: StageKind | undefined): readonly Reference[] {
  const inputs = Object.entries(kind?.inputs ?? {});
  const names = inputs.map(([name]) => name);
  const { members } = from;
  if (members === undefined) {
    if (kind === undefined) return [{ input: "", span: from.span, value: from }];
    const needed = inputs.filter(([, { optional }]) => !optional);
    const [only] = needed.length === 1 ? needed : inputs.length === 1 ? inputs : [];
    if (only !== undefined) return [{ input: only[0], span: from.span, value: from }];
    if (inputs.length === 0) from.refuse(`${kind.name} takes nothing from other stages`, "leave from out");
    else
      from.refuse(`${kind.name} takes ${names.join(" and ")}: say which this is`, `write from: {${names[0]}: STAGE}`);
    return [];
  }
  return members.flatMap(({ key, span, value }) => {
    if (kind === undefined || names.includes(key)) return [{ input: key, span, value }];
    const about = names.length === 0 ? "it takes nothing from other stages" : `it takes ${names.join(", ")}`;
    value.refuse(`${kind.name} has no input ${key}`, meant(key, names, about), span);
    return [];
  });
}

function stageNamed({ name: own }: WrittenStage, value: WrittenValue, kinds: Kinds): string | undefined {
  const name = value.text;
  if (name === undefined) return value.refuse(`expected the name of a stage, not ${value.kind}`);
  if (name === own) return value.refuse(`stage ${own} takes from itself`);
  if (kinds.has(name)) return name;
  const names = [...kinds.keys()].filter((each) => each !== own);
  const others = names.length === 0 ? "there is no other stage" : `the other stages are ${names.join(", ")}`;
  return value.refuse(`there is no stage ${name}`, meant(name, names, others));
}

function checkType({
  stage,
  kind,
  input,
  kinds,
  name,
  value,
}: {
  readonly stage: WrittenStage;
  readonly kind: StageKind | undefined;
  readonly input: string;
  readonly kinds: Kinds;
  readonly name: string;
  readonly value: WrittenValue;
}): void {
  const wanted = kind?.inputs[input]?.type;
  const given = kinds.get(name)?.output;
  if (wanted === undefined || given === undefined || wanted === given) return;
  const givers = [...kinds].filter(([each, other]) => other?.output === wanted && each !== stage.name);
  const names = enumeration(givers.map(([each]) => each));
  const help =
    givers.length === 0
      ? `no stage here gives ${withArticle(wanted)}`
      : `${names} ${givers.length === 1 ? "gives" : "give"} one`;
  value.refuse(`${name} gives ${withArticle(given)}, but ${input} of ${stage.name} is ${withArticle(wanted)}`, help);
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`;
}
