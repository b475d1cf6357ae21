import type { Tensor } from "@millrace/tensor";
import { attentionMask } from "../../src/models/attention-mask.ts";
import { autoencoder } from "../../src/models/autoencoder.ts";
import { gcn } from "../../src/models/gcn.ts";
import { gptDecoder } from "../../src/models/gpt-decoder.ts";
import { graphSage } from "../../src/models/graph-sage.ts";
import type { LibraryModel } from "../../src/models/model.ts";
import { randomOperands } from "../../src/models/operands.ts";

/** A model with operands. */
export interface ModelCase {
  readonly name: string;
  readonly model: LibraryModel;
  readonly operands: Record<string, Tensor>;
}

const sizes = { nodes: 40, features: 20, hidden: 8, classes: 4 };
const density = { A: 0.12, X: 0.4, W: 0.5, U: 0.5, x: 0.5, W1: 0.5, W2: 0.5, V1: 0.5, V2: 0.5 };
const decoder = { sequence: 16, heads: 2, headSize: 4, decoders: 2 };

function withOperands(name: string, model: LibraryModel, given: Record<string, Tensor> = {}): ModelCase {
  return { name, model, operands: randomOperands(model.program, { seed: 7, density, given }) };
}

/** The four models on small random operands, with empty rows among them. */
export const modelCases: readonly ModelCase[] = [
  withOperands("gcn", gcn(sizes)),
  withOperands("graphsage", graphSage(sizes)),
  withOperands("autoencoder", autoencoder({ samples: 1, inputs: 64, hidden: 24 })),
  withOperands("gpt", gptDecoder(decoder), {
    M: attentionMask({ sequence: 16, heads: 2, blockSize: 4, randomBlocks: 0, seed: 3 }),
  }),
];
