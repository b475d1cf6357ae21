/** `millrace step analyze PROGRAM`: bytes as formulas, and as numbers. */
import {
  analyze,
  type Bindings,
  type Extent,
  fillSources,
  measuredValue,
  type Program,
  simulateProgram,
} from "@millrace/step-ir";
import { buildCommand, type Command } from "@stricli/core";
import { type Binding, bindingTable, type CommonFlags, commonFlags, describe } from "../../cli/flags.ts";
import { type Invocation, presenting } from "../../cli/outcome.ts";
import { MillraceError } from "../../errors.ts";
import { loadProgram } from "../../step/load-program.ts";
import { formatCount } from "../../terminal/quantity.ts";
import { renderPairs, renderTable } from "../../terminal/table.ts";
import { dottedBinding, type InputFlags, inputFlags, readInputs } from "./input-flags.ts";
import { programArgument } from "./program-argument.ts";

type StepAnalyzeFlags = CommonFlags &
  InputFlags & {
    readonly profile: "paper" | "artifact";
    readonly count: "allocated" | "on-demand";
    readonly loadBytes: number;
    readonly symbol?: readonly Binding[] | undefined;
  };

/** The `step analyze` command. */
export const stepAnalyze: Command<Invocation> = buildCommand<StepAnalyzeFlags, [string], Invocation>({
  docs: {
    brief: "Count the bytes of a program as formulas",
    customUsage: [
      "PROGRAM [--trace FILE] [--symbol NAME=N]... [--profile paper|artifact] [--count allocated|on-demand]",
    ],
    fullDescription: describe(
      "Gives the bytes moved to and from memory, the bytes held on chip and the operational intensity as formulas in the\nsymbols of the program; with a trace, sources or symbols also as numbers. Profile artifact counts as the program\nbehind the published figures does; on-demand leaves out what sees no element.",
      [
        "millrace step analyze examples/programs/packed.step",
        "millrace step analyze examples/programs/packed.step --symbol B=3 --symbol L=5,1,8 --json",
      ],
    ),
  },
  parameters: {
    flags: {
      profile: { kind: "enum", values: ["paper", "artifact"], brief: "Rules of counting", default: "paper" },
      count: {
        kind: "enum",
        values: ["allocated", "on-demand"],
        brief: "What is counted on chip",
        default: "allocated",
      },
      loadBytes: {
        kind: "parsed",
        parse: parseLoadBytes,
        brief: "Bytes that loads count per f32: 4, or 2 as if it were bf16 there",
        placeholder: "4|2",
        default: "4",
      },
      symbol: {
        kind: "parsed",
        parse: dottedBinding("B=64"),
        brief: "What a symbol stands for; of a ragged dimension a size per group",
        placeholder: "NAME=N[,N...]",
        variadic: true,
        optional: true,
      },
      ...inputFlags,
      ...commonFlags,
    },
    positional: { kind: "tuple", parameters: [programArgument] },
  },
  func: presenting<StepAnalyzeFlags, [string]>("step-analyze", async (flags, place, name) => {
    const program = loadProgram(place.host.folder, name);
    const { profile, count } = flags;
    const metrics = analyze(program, { profile, count, loadBytesPerF32: flags.loadBytes as 2 | 4 });
    const bindings = await bindingsOf(program, flags, place.host.folder);
    const value = (extent: Extent): number | null => measuredValue(extent, bindings) ?? null;
    const [offChipBytes, flops] = [value(metrics.offChipBytes), value(metrics.flops)];
    const operationalIntensity = offChipBytes === null || flops === null ? null : flops / Math.max(1, offChipBytes);
    const numbers = { offChipBytes, onChipBytes: value(metrics.onChipBytes), flops, operationalIntensity };
    const given = bindings.size > 0 || metrics.offChipBytes.value !== undefined;
    return {
      json: () => ({
        name: program.name,
        profile,
        count,
        offChipBytes: metrics.offChipBytes.text,
        onChipBytes: metrics.onChipBytes.text,
        flops: metrics.flops.text,
        operationalIntensity: `(${metrics.flops.text}) / (${metrics.offChipBytes.text})`,
        allocatedFlopsPerCycle: metrics.computeBandwidth,
        values: given ? numbers : null,
        nodes: metrics.nodes.map(({ id, offChipBytes, onChipBytes }) => ({
          id,
          offChipBytes: offChipBytes.text,
          onChipBytes: onChipBytes.text,
          values: given ? { offChipBytes: value(offChipBytes), onChipBytes: value(onChipBytes) } : null,
        })),
      }),
      text: () => {
        const shown = (extent: Extent): string => {
          const number = given ? value(extent) : null;
          return number === null || extent.value !== undefined
            ? extent.text
            : `${formatCount(number)} = ${extent.text}`;
        };
        const pairs = renderPairs([
          ["program", program.name],
          ["counted", `profile ${profile}, ${count}`],
          ["off-chip bytes", shown(metrics.offChipBytes)],
          ["on-chip bytes", shown(metrics.onChipBytes)],
          ["operations", shown(metrics.flops)],
          [
            "intensity",
            operationalIntensity === null
              ? "operations over off-chip bytes"
              : `${operationalIntensity.toFixed(3)} operations per byte`,
          ],
          ["operations per cycle", formatCount(metrics.computeBandwidth)],
        ]);
        const rows = metrics.nodes.map((node) => [node.id, shown(node.offChipBytes), shown(node.onChipBytes)]);
        return `${pairs}\n${renderTable(columns, rows)}`;
      },
    };
  }),
});

const columns = [
  { heading: "node", align: "left" },
  { heading: "off-chip bytes", align: "left" },
  { heading: "on-chip bytes", align: "left" },
] as const;

function parseLoadBytes(text: string): number {
  if (text === "2" || text === "4") return Number(text);
  throw new MillraceError("argument", `must be 4 or 2, not "${text}"`);
}

/** Deep queues: a run for its counts alone must not stand still. */
const deep = 2 ** 20;

async function bindingsOf(program: Program, flags: StepAnalyzeFlags, folder: string): Promise<Bindings> {
  const bindings = new Map<string, number | readonly number[]>();
  const { sources, symbols } = await readInputs(folder, flags);
  if (Object.keys(sources).length > 0) {
    const run = simulateProgram(program, { sources: fillSources(program, sources) }, { depth: deep });
    for (const [symbol, size] of run.measured) bindings.set(symbol, size);
  }
  for (const [symbol, size] of symbols) bindings.set(symbol, size);
  // What a run measured may be a sum over a symbol; what a user names must be one.
  for (const [symbol, text] of bindingTable("--symbol", flags.symbol ?? [])) {
    if (!program.symbols.has(symbol))
      throw new MillraceError("operand-unknown", `the program has no symbol '${symbol}'`, {
        help: program.symbols.size === 0 ? "it has none" : `it has ${[...program.symbols].join(", ")}`,
      });
    bindings.set(symbol, sizeOf(symbol, text));
  }
  return bindings;
}

function sizeOf(symbol: string, text: string): number | readonly number[] {
  const sizes = text.split(",").map(Number);
  if (!sizes.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new MillraceError("argument", `--symbol: ${symbol} must be integers of at least 0, not "${text}"`);
  }
  return sizes.length === 1 ? sizes[0]! : sizes;
}
