/** `millrace stages [KIND]`: the kinds of stages, or what one of them takes and gives. */
import { buildCommand, type Command } from "@stricli/core";
import { type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, type Outcome, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { kindNamed, stageKindNames, stageKinds } from "../../pipeline/catalogue.ts";
import { meant } from "../../pipeline/read/written-value.ts";
import type { StageKind } from "../../pipeline/stage-kind.ts";
import type { JsonValue } from "../../terminal/json.ts";
import { renderPairs, renderTable } from "../../terminal/table.ts";

/** The `stages` command. */
export const stages: Command<Invocation> = buildCommand<CommonFlags, [string?], Invocation>({
  docs: {
    brief: "List the kinds of stages that pipelines are made of",
    customUsage: ["[KIND] [--json]"],
    fullDescription: describe(
      "Lists what a stage of a pipeline can be, or describes one kind: what it takes from other stages, its options with\ntheir defaults, and what it gives. `millrace run` runs pipelines.",
      ["millrace stages", "millrace stages tune-fusion"],
    ),
  },
  parameters: {
    flags: commonFlags,
    positional: {
      kind: "tuple",
      parameters: [
        {
          brief: "Describe this kind",
          placeholder: "KIND",
          parse: parseKind,
          optional: true,
          proposeCompletions: () => stageKindNames,
        },
      ],
    },
  },
  func: presenting<CommonFlags, [string?]>("stages", (_flags, _place, name): Outcome => {
    const kind = name === undefined ? undefined : kindNamed(name)!;
    if (kind === undefined) return { json: () => ({ kinds: stageKinds.map(kindToJson) }), text: kindsToText };
    return { json: () => kindToJson(kind), text: () => kindToText(kind) };
  }),
});

function parseKind(text: string): string {
  if (kindNamed(text) !== undefined) return text;
  throw new MillraceError("argument", `must be a kind of stage, not "${text}"`, {
    help: meant(text, stageKindNames, "millrace stages lists them"),
  });
}

function kindToJson({ name, brief, inputs, options, output, measures }: StageKind): JsonValue {
  return {
    name,
    brief,
    inputs: Object.entries(inputs).map(([input, { type, brief: about, optional }]) => ({
      name: input,
      type,
      brief: about,
      optional: optional === true,
    })),
    options: Object.entries(options).map(([option, shape]) => ({
      name: option,
      brief: shape.brief,
      expects: shape.expects,
      required: shape.fallback === "required",
      default: shape.fallback === "required" ? null : (shape.fallback.value ?? null),
    })),
    output,
    measures: measures ?? null,
  };
}

function kindsToText(): string {
  const columns = ["kind", "takes", "gives", "what it does"].map((heading) => ({ heading, align: "left" }) as const);
  const rows = stageKinds.map(({ name, inputs, output, brief }) => [
    name,
    Object.values(inputs)
      .map(({ type, optional }) => (optional ? `[${type}]` : type))
      .join(", "),
    output,
    brief,
  ]);
  return renderTable(columns, rows);
}

function kindToText({ name, brief, inputs, options, output, measures }: StageKind): string {
  const given = Object.entries(options).map(([option, { brief: about, expects, fallback }]): [string, string] => {
    const otherwise = fallback === "required" ? "required" : `default ${JSON.stringify(fallback.value ?? null)}`;
    return [`  ${option}`, `${about}: ${expects}; ${otherwise}`];
  });
  const taken = Object.entries(inputs).map(([input, { type, brief: about, optional }]): [string, string] => [
    `  ${input}`,
    `${type}: ${about}${optional ? "; may be left out" : ""}`,
  ]);
  const times = measures === undefined ? "" : ", times of this machine among it";
  return renderPairs([
    [name, brief],
    ["takes", taken.length === 0 ? "nothing" : ""],
    ...taken,
    ["options", given.length === 0 ? "none" : ""],
    ...given,
    ["gives", `${output}${times}`],
  ]);
}
