/** Modules that a traced graph calls whole, as PyTorch prints them: `Linear(in_features=8, out_features=4, bias=True)`. */
import { DiagnosticBag } from "@millrace/ir-text";
import { ModelError } from "../../errors.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import { byParameter, parseArguments, pythonLexer } from "./python-lexer.ts";

/** The ATen call that a module is. */
export interface ModuleCall {
  /** As `aten.linear.default`. */
  readonly target: string;
  /** Parameter of the operator that takes the module's input. */
  readonly input: string;
  /** Parameters of the operator that take tensors of the module, which have the same names. */
  readonly tensors: readonly string[];
  readonly arguments: Readonly<Record<string, Attribute>>;
}

type Settings = ReadonlyMap<string, Attribute>;

interface ModuleRow {
  /** Arguments of the module's constructor, in order. */
  readonly parameters: readonly string[];
  readonly call: (settings: Settings) => ModuleCall;
}

const words = (text: string): readonly string[] => (text === "" ? [] : text.split(" "));

/** A module without tensors, some of whose settings are arguments of the operator under the names given. */
function plain(
  target: string,
  parameters = "",
  passed: Readonly<Record<string, string>> = {},
  input = "self",
): ModuleRow {
  return {
    parameters: words(parameters),
    call: (settings) => ({ target, input, tensors: [], arguments: renamed(settings, passed) }),
  };
}

function renamed(settings: Settings, names: Readonly<Record<string, string>>): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([setting, argument]) => {
      const value = settings.get(setting);
      return value === undefined || value === null ? [] : [[argument, value]];
    }),
  );
}

const same = (names: string): Record<string, string> => Object.fromEntries(words(names).map((name) => [name, name]));

/** Weight and bias, the latter unless the setting says that there is none. */
const weights = (settings: Settings, setting = "bias"): string[] =>
  settings.get(setting) === false ? ["weight"] : ["weight", "bias"];

const convolution = (axes: number): ModuleRow => ({
  parameters: words("in_channels out_channels kernel_size stride padding dilation groups bias padding_mode"),
  call: (settings) => {
    const mode = settings.get("padding_mode") ?? "zeros";
    if (mode !== "zeros") throw new ModelError("operator-arguments", `padding mode ${String(mode)} is not modelled`);
    const passed = renamed(settings, same("stride padding dilation groups"));
    return { target: `aten.conv${axes}d.default`, input: "input", tensors: weights(settings), arguments: passed };
  },
});

const batchNorm: ModuleRow = {
  parameters: words("num_features eps momentum affine track_running_stats"),
  call: (settings) => {
    if (settings.get("track_running_stats") === false)
      throw new ModelError("operator-arguments", "a batch norm without running statistics depends on its batch");
    const affine = settings.get("affine") === false ? [] : ["weight", "bias"];
    const tensors = [...affine, "running_mean", "running_var"];
    return { target: "aten.batch_norm.default", input: "input", tensors, arguments: renamed(settings, same("eps")) };
  },
};

const layerNorm: ModuleRow = {
  parameters: words("normalized_shape eps elementwise_affine"),
  call: (settings) => ({
    target: "aten.layer_norm.default",
    input: "input",
    tensors: settings.get("elementwise_affine") === false ? [] : ["weight", "bias"],
    arguments: renamed(settings, same("normalized_shape eps")),
  }),
};

const linear: ModuleRow = {
  parameters: words("in_features out_features bias"),
  call: (settings) => ({ target: "aten.linear.default", input: "input", tensors: weights(settings), arguments: {} }),
};

const embedding: ModuleRow = {
  parameters: words("num_embeddings embedding_dim padding_idx"),
  call: () => ({ target: "aten.embedding.default", input: "indices", tensors: ["weight"], arguments: {} }),
};

const largest = (axes: number): ModuleRow => {
  const settings = "kernel_size stride padding dilation return_indices ceil_mode";
  return plain(`aten.max_pool${axes}d.default`, settings, same("kernel_size stride padding dilation ceil_mode"));
};

const mean = (axes: number): ModuleRow => {
  const settings = "kernel_size stride padding ceil_mode count_include_pad divisor_override";
  return plain(`aten.avg_pool${axes}d.default`, settings, same(settings));
};

const table: Readonly<Record<string, ModuleRow>> = {
  Linear: linear,
  Embedding: embedding,
  LayerNorm: layerNorm,
  BatchNorm1d: batchNorm,
  BatchNorm2d: batchNorm,
  BatchNorm3d: batchNorm,
  Conv1d: convolution(1),
  Conv2d: convolution(2),
  Conv3d: convolution(3),
  MaxPool1d: largest(1),
  MaxPool2d: largest(2),
  MaxPool3d: largest(3),
  AvgPool1d: mean(1),
  AvgPool2d: mean(2),
  AvgPool3d: mean(3),
  AdaptiveAvgPool1d: plain("aten.adaptive_avg_pool1d.default", "output_size", same("output_size")),
  AdaptiveAvgPool2d: plain("aten.adaptive_avg_pool2d.default", "output_size", same("output_size")),
  Flatten: {
    parameters: words("start_dim end_dim"),
    call: (settings) => ({
      target: "aten.flatten.using_ints",
      input: "self",
      tensors: [],
      arguments: { start_dim: settings.get("start_dim") ?? 1, end_dim: settings.get("end_dim") ?? -1 },
    }),
  },
  Softmax: plain("aten.softmax.int", "dim", same("dim")),
  LogSoftmax: plain("aten.log_softmax.int", "dim", same("dim")),
  GELU: plain("aten.gelu.default", "approximate", same("approximate")),
  LeakyReLU: plain("aten.leaky_relu.default", "negative_slope inplace", same("negative_slope")),
  ReLU: plain("aten.relu.default", "inplace"),
  SiLU: plain("aten.silu.default", "inplace"),
  Sigmoid: plain("aten.sigmoid.default"),
  Tanh: plain("aten.tanh.default"),
  Identity: plain("aten.alias.default"),
  // Dropping is for training.
  Dropout: plain("aten.alias.default", "p inplace"),
};

/** Names of the modules that are known, for messages. */
export const moduleNames: readonly string[] = Object.keys(table);

/**
 * The call that a printed module is; `undefined` for a class that is not known.
 *
 * @throws {ModelError} `operator-arguments`
 */
export function moduleCallOf(printed: string): ModuleCall | undefined {
  const [, name = "", rest] = /^\s*(\w+)\((.*)$/s.exec(printed) ?? [];
  if (rest === undefined || !Object.hasOwn(table, name)) return undefined;
  const { parameters, call } = table[name]!;
  const bag = new DiagnosticBag();
  const given = parseArguments(pythonLexer.tokens({ name, text: rest }, bag), () => undefined);
  const settings = given && byParameter(parameters, given);
  if (settings === undefined || bag.failed)
    throw new ModelError("operator-arguments", `${printed.trim().slice(0, 60)} is no printed module`);
  return call(settings);
}

const opening = /^\s*\(([\w.]+)\): (\w+)\(\s*$/;
const whole = /^\s*\(([\w.]+)\): (\w+\(.*\))\s*$/;

/** The modules of a printed tree (`print(module)`), by their path, and the number of lines that it takes at the text's beginning. */
export function readModuleTree(text: string): {
  readonly modules: Readonly<Record<string, string>>;
  readonly lines: number;
} {
  const modules: Record<string, string> = {};
  if (!/^\s*\w+\(\s*\n/.test(text)) return { modules, lines: 0 };
  const path: string[] = [];
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.trim() !== "");
  for (let at = first + 1; at < lines.length; at++) {
    const line = lines[at]!;
    const leaf = whole.exec(line);
    const inner = opening.exec(line);
    if (leaf !== null) modules[[...path, leaf[1]!].join(".")] = leaf[2]!;
    else if (inner !== null) path.push(inner[1]!);
    else if (line.trim() === ")" && path.length > 0) path.pop();
    else if (line.trim() === ")") return { modules, lines: at + 1 };
    else if (line.trim() !== "") break;
  }
  return { modules: {}, lines: 0 };
}
