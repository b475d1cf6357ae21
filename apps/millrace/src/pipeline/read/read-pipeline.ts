/** A pipeline as it is written: stages by name, each with a kind, what it takes and what is set. Not yet checked against kinds. */
import type { DiagnosticBag, Source, Span } from "@millrace/ir-text";
import type { Node } from "yaml";
import { readYaml, yamlSpan } from "../../files/yaml-text.ts";
import { meant, PIPELINE_FAULT, type WrittenMember, WrittenValue } from "./written-value.ts";

/** A stage as it is written. */
export interface WrittenStage {
  readonly name: string;
  /** Where its name stands. */
  readonly span: Span;
  readonly kind: WrittenValue | undefined;
  readonly from: WrittenValue | undefined;
  readonly options: readonly WrittenMember[];
}

/** A pipeline as it is written. */
export interface WrittenPipeline {
  /** Names of all stages, those among them that could not be read. */
  readonly names: readonly string[];
  readonly title: string | undefined;
  readonly about: string | undefined;
  readonly stages: readonly WrittenStage[];
}

const topKeys = ["title", "about", "stages"];

/**
 * Reads a text; faults are reported to `bag`, and what can be read besides them is given. Total: any text gives a pipeline,
 * perhaps one without stages.
 */
export function readPipeline(source: Source, folder: string, bag: DiagnosticBag): WrittenPipeline {
  const nothing: WrittenPipeline = { names: [], title: undefined, about: undefined, stages: [] };
  const read = readYaml(source, { code: PIPELINE_FAULT, what: "a pipeline", uniqueKeys: false });
  if ("faults" in read) {
    for (const fault of read.faults) bag.report(fault);
    return nothing;
  }
  const { document } = read;
  const root = new WrittenValue(
    { source, document, bag, folder },
    document.contents as Node | null,
    yamlSpan(source, 0, 1),
  );
  const start = yamlSpan(source, 0, 1);
  const { members } = root;
  if (members === undefined) {
    root.refuse(
      `a pipeline is a mapping with stages, not ${root.kind}`,
      "write stages:, and under it a name and a kind for each stage",
      start,
    );
    return nothing;
  }
  for (const { key, span, value } of members) {
    if (!topKeys.includes(key))
      value.refuse(`a pipeline has no ${key}`, meant(key, topKeys, `it has ${topKeys.join(", ")}`), span);
  }
  const stages = members.find(({ key }) => key === "stages");
  if (stages === undefined)
    root.refuse("a pipeline needs stages", "write stages:, and under it a name and a kind for each stage", start);
  return {
    title: textOf(members, "title"),
    about: textOf(members, "about"),
    names: stages?.value.members?.map(({ key }) => key) ?? [],
    stages: stages === undefined ? [] : stagesOf(stages),
  };
}

function textOf(members: readonly WrittenMember[], key: string): string | undefined {
  const member = members.find((each) => each.key === key);
  const text = member?.value.text;
  if (member !== undefined && text === undefined)
    member.value.refuse(`${key} must be a text, not ${member.value.kind}`);
  return text;
}

function stagesOf({ value, span }: WrittenMember): readonly WrittenStage[] {
  const { members } = value;
  if (members === undefined || members.length === 0) {
    value.refuse(
      `stages must be a mapping of names to stages, not ${members === undefined ? value.kind : "an empty one"}`,
      undefined,
      span,
    );
    return [];
  }
  return members.flatMap((member) => stageOf(member) ?? []);
}

function stageOf({ key: name, span, value }: WrittenMember): WrittenStage | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    return value.refuse(
      `"${name}" cannot be the name of a stage`,
      "names are small letters and digits, with - between words",
      span,
    );
  }
  const { members } = value;
  if (members === undefined)
    return value.refuse(`stage ${name} must be a mapping with a kind, not ${value.kind}`, undefined, span);
  const under = (key: string): WrittenValue | undefined => members.find((member) => member.key === key)?.value;
  return {
    name,
    span,
    kind: under("kind"),
    from: under("from"),
    options: members.filter(({ key }) => key !== "kind" && key !== "from"),
  };
}
