import type { DiagnosticBag } from "@millrace/ir-text";
import type { SamLevelKind, SamTensor } from "../graph.ts";
import type { CaseFile } from "./case-schema.ts";
import type { JsonDocument } from "./read-json.ts";
import type { CaseInput } from "./reference-case.ts";

/** The tensors of a case: how operands and result are stored. */
export interface CaseTensors {
  readonly inputs: Readonly<Record<string, CaseInput>>;
  readonly output: string;
  readonly storage: Readonly<Record<string, SamTensor>>;
  /** Index of each level, outermost first, by tensor. */
  readonly levelIndices: Readonly<Record<string, readonly string[]>>;
  /** Level of the output that a writer node writes, by node. */
  readonly writerLevels: ReadonlyMap<string, number>;
}

const kinds: Readonly<Record<string, SamLevelKind>> = { s: "compressed", d: "dense", b: "bitvector" };

/** Works out how the tensors of a case are stored from its expression and its storage orders. */
export function caseTensors({ value, spanOf }: JsonDocument<CaseFile>, bag: DiagnosticBag): CaseTensors {
  const accesses = new Map(
    [...value.expression.matchAll(/([A-Za-z]\w*)(?:\(([^()]*)\))?/g)].map(([, name = "", indices = ""]) => [
      name,
      indices === "" ? [] : indices.split(","),
    ]),
  );
  const output = /^\s*(\w+)/.exec(value.expression)?.[1] ?? "";
  const fault = (path: readonly string[], message: string): void =>
    bag.report({ severity: "error", code: "case-tensor", message, span: spanOf(path) });
  const stored = (name: string, order: readonly string[], levels: readonly SamLevelKind[]): SamTensor => {
    const modes = accesses.get(name);
    const path = name === output ? ["outputOrder"] : ["inputs", name];
    if (modes === undefined) fault(path, `${name} does not occur in ${value.expression}`);
    else if (modes.length !== order.length || order.some((index) => !modes.includes(index))) {
      fault(
        path,
        `${name} is stored in the order '${order.join("")}', but its indices are ${modes.join(",") || "none"}`,
      );
    }
    if (levels.length !== order.length)
      fault(path, `${name} has ${levels.length} level kinds for ${order.length} levels`);
    return { levels, modeOrder: order.map((index) => Math.max(0, modes?.indexOf(index) ?? 0)) };
  };
  const inputs = Object.fromEntries(
    Object.entries(value.inputs).map(
      ([name, { dims, storageOrder, levelKinds, file, value: scalar }]): [string, CaseInput] => {
        const levels = [...levelKinds].map((kind) => kinds[kind] ?? "compressed");
        const tensor = stored(name, [...storageOrder], levels);
        if (dims.length !== levels.length)
          fault(["inputs", name], `${name} has ${dims.length} extents for ${levels.length} levels`);
        if (dims.length > 0 ? file === undefined : scalar === undefined && file === undefined) {
          fault(["inputs", name], `${name} has neither file nor value`);
        }
        return [
          name,
          {
            ...tensor,
            dims,
            ...(file === undefined ? {} : { file }),
            ...(scalar === undefined ? {} : { value: scalar }),
          },
        ];
      },
    ),
  );
  const outputOrder = [...value.outputOrder];
  const result = stored(
    output,
    outputOrder,
    outputOrder.map(() => "compressed"),
  );
  const storage = Object.fromEntries([
    ...Object.entries(inputs).map(([name, { levels, modeOrder }]) => [name, { levels, modeOrder }] as const),
    [output, result] as const,
  ]);
  const levelIndices = Object.fromEntries([
    ...Object.entries(value.inputs).map(([name, { storageOrder }]) => [name, [...storageOrder]] as const),
    [output, outputOrder] as const,
  ]);
  const writerLevels = new Map(value.graph.outputs.out_crds.map((node, level) => [node, level]));
  return { inputs, output, storage, levelIndices, writerLevels };
}
