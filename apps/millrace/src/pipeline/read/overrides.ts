/** `--set STAGE.OPTION=VALUE`: an option of a stage, in place of what its pipeline says. */
import type { DiagnosticBag, Source, Span } from "@millrace/ir-text";
import type { Node } from "yaml";
import { readYaml, yamlSpan } from "../../files/yaml-text.ts";
import { PIPELINE_FAULT, WrittenValue } from "./written-value.ts";

/** One override. */
export interface Override {
  readonly stage: string;
  readonly option: string;
  /** Where the stage and the option are named. */
  readonly stageSpan: Span;
  readonly optionSpan: Span;
  readonly value: WrittenValue;
}

/** Reads overrides; files in them are named from `folder`. Faults are reported to `bag`; of two for one option the first stands. */
export function readOverrides(settings: readonly string[], folder: string, bag: DiagnosticBag): readonly Override[] {
  const seen = new Map<string, Override>();
  for (const text of settings) {
    const override = readOverride({ name: "--set", text }, folder, bag);
    if (override === undefined) continue;
    const key = `${override.stage}.${override.option}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, override);
    else override.value.refuse(`${key} is set twice`, undefined, override.optionSpan);
  }
  return [...seen.values()];
}

function readOverride(source: Source, folder: string, bag: DiagnosticBag): Override | undefined {
  const fault = (message: string, help: string): undefined => {
    bag.report({
      severity: "error",
      code: PIPELINE_FAULT,
      message,
      span: yamlSpan(source, 0, source.text.length),
      help,
    });
    return undefined;
  };
  const [head, stage = "", option = ""] = /^([a-z][a-z0-9-]*)\.([A-Za-z][\w-]*)=/.exec(source.text) ?? [];
  if (head === undefined) return fault("an override is STAGE.OPTION=VALUE", "for example --set tune.budget=40");
  // Blanks in place of what stands before the value keep its places in the text.
  const value = { name: source.name, text: " ".repeat(head.length) + source.text.slice(head.length) };
  const read = readYaml(value, { code: PIPELINE_FAULT, what: "a value", uniqueKeys: false });
  if ("faults" in read) {
    for (const each of read.faults) bag.report({ ...each, span: { ...each.span!, source } });
    return undefined;
  }
  const { document } = read;
  const optionSpan = yamlSpan(source, stage.length + 1, stage.length + 1 + option.length);
  return {
    stage,
    option,
    stageSpan: yamlSpan(source, 0, stage.length),
    optionSpan,
    value: new WrittenValue({ source, document, bag, folder }, document.contents as Node | null, optionSpan),
  };
}
