// Reading a large .pt2: time and bytes read by an import that leaves the weights where they are, beside JSON.parse of the
// same program in the same run. Usage, after a build: node bench/import.mjs [LAYERS] [WIDTH]
import { importModel, normalise } from "../dist/index.js";
import { virtualArchive } from "./virtual-archive.mjs";

const layers = Number(process.argv[2] ?? 2000);
const width = Number(process.argv[3] ?? 4096);
const FLOAT = 7;
const STRIDED = 7;

const text = new TextEncoder();

/** Sizes, strides and type of a dense tensor, as torch.export writes them. */
function tensor(sizes) {
  const strides = sizes.map((_, at) => sizes.slice(at + 1).reduce((product, size) => product * size, 1));
  const numbers = (list) => list.map((value) => ({ as_int: value }));
  return {
    dtype: FLOAT,
    sizes: numbers(sizes),
    requires_grad: false,
    device: { type: "cpu", index: null },
    strides: numbers(strides),
    storage_offset: { as_int: 0 },
    layout: STRIDED,
  };
}

function node(target, inputs, output) {
  return {
    target: `torch.ops.aten.${target}`,
    inputs: Object.entries(inputs).map(([name, input]) => ({ name, arg: { as_tensor: { name: input } }, kind: 1 })),
    outputs: [{ as_tensor: { name: output } }],
    metadata: { stack_trace: `  File "model.py", line 17, in forward\n    x = torch.relu(self.${output}(x))\n` },
    is_hop_single_tensor_return: null,
    name: output,
  };
}

/** A stack of linear layers with rectifiers between them: the program, and the settings of its weights. */
function stackedLayers() {
  const values = { x: tensor([32, width]) };
  const inputs = [];
  const specs = [];
  const nodes = [];
  const config = {};
  let last = "x";
  for (let layer = 0; layer < layers; layer++) {
    const weight = `p_layers_${layer}_weight`;
    const parameter = `layers.${layer}.weight`;
    values[weight] = tensor([width, width]);
    inputs.push({ as_tensor: { name: weight } });
    specs.push({ parameter: { arg: { name: weight }, parameter_name: parameter } });
    config[parameter] = {
      path_name: `weight_${layer}`,
      is_param: true,
      use_pickle: false,
      tensor_meta: values[weight],
    };
    nodes.push(node("linear.default", { input: last, weight }, `linear_${layer}`));
    nodes.push(node("relu.default", { self: `linear_${layer}` }, `relu_${layer}`));
    values[`linear_${layer}`] = tensor([32, width]);
    values[`relu_${layer}`] = tensor([32, width]);
    last = `relu_${layer}`;
  }
  const output = { as_tensor: { name: last } };
  const program = {
    graph_module: {
      graph: {
        inputs: [...inputs, { as_tensor: { name: "x" } }],
        outputs: [output],
        nodes,
        tensor_values: values,
        sym_int_values: {},
        sym_bool_values: {},
        is_single_tensor_return: false,
        custom_obj_values: {},
        sym_float_values: {},
      },
      signature: {
        input_specs: [...specs, { user_input: { arg: { as_tensor: { name: "x" } } } }],
        output_specs: [{ user_output: { arg: output } }],
      },
      module_call_graph: [],
      metadata: {},
      treespec_namedtuple_fields: {},
    },
    opset_version: { aten: 10 },
    range_constraints: {},
    schema_version: { major: 8, minor: 20 },
    verifiers: ["TRAINING"],
    torch_version: "2.13.0",
    guards_code: [],
  };
  return { program: text.encode(JSON.stringify(program)), config: text.encode(JSON.stringify({ config })) };
}

/** CPU milliseconds of `run`, the best of three. */
async function milliseconds(run) {
  let best = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 3; k++) {
    const before = process.cpuUsage();
    await run();
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

const { program, config } = stackedLayers();
const weights = Array.from({ length: layers }, (_, at) => [`m/data/weights/weight_${at}`, width * width * 4]);
const archive = virtualArchive([
  ["m/archive_format", text.encode("pt2")],
  ["m/byteorder", text.encode("little")],
  ["m/models/model.json", program],
  ["m/data/weights/model_weights_config.json", config],
  ...weights,
]);
const before = archive.total();
const graph = await importModel(archive.source, { name: "m.pt2" });
const read = archive.total() - before;
const imported = await milliseconds(() => importModel(archive.source, { name: "m.pt2" }));
const normalised = await milliseconds(() => normalise(graph));
const parsed = await milliseconds(() => JSON.parse(new TextDecoder().decode(program)));
const settings = await milliseconds(() => JSON.parse(new TextDecoder().decode(config)));
const count = (value) => value.toLocaleString("en");

console.log(
  `${layers} linear layers of ${width} x ${width}: an archive of ${(archive.source.size / 2 ** 30).toFixed(1)} GiB`,
);
console.log(
  `program ${count(program.length)} bytes, settings of the weights ${count(config.length)}; weights not read`,
);
console.log(
  `bytes read: ${count(read)}, ${(read / (program.length + config.length)).toFixed(2)} of program and settings`,
);
const baseline = parsed + settings;
console.log(`JSON.parse of both: ${baseline.toFixed(0)} ms`);
console.log(`import:             ${imported.toFixed(0)} ms, ${(imported / baseline).toFixed(1)}x`);
console.log(
  `normalise:          ${normalised.toFixed(0)} ms, ${(normalised / baseline).toFixed(1)}x; ${graph.nodes.length} nodes`,
);
