import { analyze, evaluate, type Inputs, interpret, parseProgram, printShape } from "@millrace/step-ir";

/** Rows of any number per request, packed four by four, each pack multiplied with a weight matrix. */
const text = `program packed
symbol B, L
tensor w f32[64, 64]
%rows = source {shape = [B, ~L], element = f32[1, 64]}
%chunks = reshape %rows {chunk = 4}
%packs = accum %chunks:0 {fn = retile-rows, rank = 1}
%weights = linear-load %packs {tensor = w, tile = [64, 64], shape = [1], stride = [1]}
%once = repeat %packs {count = 1}
%products = map %once, %weights {fn = matmul, bandwidth = 1024}
%sums = accum %products {fn = add, rank = 2}
%result = output %sums
`;

/** Checks and analyses the program, and runs it on given rows. */
export function packAndMultiply(inputs: Inputs): string[] {
  const program = parseProgram({ name: "packed.step", text }); // a fault says line, column and what would be right
  const { offChipBytes } = analyze(program);
  const { measured, outputs } = interpret(program, inputs);
  return [
    `${printShape(program.node("products")!.outputs[0]!.shape)} products`,
    `off-chip bytes: ${offChipBytes} = ${evaluate(offChipBytes, measured)} here`,
    `results: ${outputs.result!.join(", ")}`,
  ];
}
