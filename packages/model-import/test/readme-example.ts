import { evaluate, importModel, type ModelTensor, normalise, printModel } from "@millrace/model-import";

/** Reads a graph that PyTorch printed, and runs it on the given inputs. */
export async function readAndRun(text: string, inputs: Record<string, ModelTensor>): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const graph = normalise(await importModel(bytes, { name: "layer.aten.txt" })); // a fault says where and what to do
  const { outputs, sizes } = await evaluate(graph, inputs);
  return `${printModel(graph)}n is ${sizes.get("n")}: ${outputs[0]?.values.join(" ")}\n`;
}
