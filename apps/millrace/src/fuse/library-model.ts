/** Models that come with the package, by name and sizes: `gcn:nodes=34,features=12,hidden=8,classes=4`. */
import {
  attentionMask,
  autoencoder,
  gcn,
  gptDecoder,
  graphSage,
  type LibraryModel,
  randomOperands,
} from "@millrace/fuseflow-sparse";
import { nearest } from "@millrace/ir-text";
import type { Tensor } from "@millrace/tensor";
import { MillraceError } from "../errors.ts";

type Sizes = Readonly<Record<string, number>>;

interface LibraryEntry {
  readonly defaults: Sizes;
  readonly make: (sizes: Sizes) => LibraryModel;
  /** Operands that are more than random entries. */
  readonly given?: (sizes: Sizes, seed: number) => Readonly<Record<string, Tensor>>;
  readonly density: Readonly<Record<string, number>>;
}

const graphSizes = { nodes: 64, features: 24, hidden: 8, classes: 4 };
const half = { W1: 0.5, W2: 0.5, V1: 0.5, V2: 0.5, A: 0.08, X: 0.3 };

const library: Readonly<Record<string, LibraryEntry>> = {
  gcn: { defaults: graphSizes, make: (sizes) => gcn(sizes as typeof graphSizes), density: half },
  graphsage: { defaults: graphSizes, make: (sizes) => graphSage(sizes as typeof graphSizes), density: half },
  autoencoder: {
    defaults: { samples: 1, inputs: 96, hidden: 32 },
    make: (sizes) => autoencoder(sizes as { samples: number; inputs: number; hidden: number }),
    density: { x: 0.5, W: 0.5, U: 0.5 },
  },
  gpt: {
    defaults: { sequence: 32, heads: 2, headSize: 4, decoders: 1, block: 4 },
    make: (sizes) => gptDecoder(sizes as { sequence: number; heads: number; headSize: number; decoders: number }),
    given: ({ sequence = 1, heads = 1, block = 1 }, seed) => ({
      M: attentionMask({ sequence, heads, blockSize: Math.min(block, sequence), randomBlocks: 1, seed }),
    }),
    density: {},
  },
};

/** Names of the models that come with the package. */
export const libraryNames: readonly string[] = Object.keys(library);

/** A library model and how its operands are drawn. */
export interface NamedModel {
  readonly model: LibraryModel;
  readonly operands: (seed: number, given: Readonly<Record<string, Tensor>>) => Readonly<Record<string, Tensor>>;
}

/**
 * The library model of a name such as `gcn` or `gpt:sequence=64,heads=4`; null for other words.
 *
 * @throws {MillraceError} `argument` for sizes that it does not have
 */
export function libraryModel(text: string): NamedModel | null {
  const [name = "", ...rest] = text.split(":");
  const entry = Object.hasOwn(library, name) ? library[name] : undefined;
  if (entry === undefined) return null;
  const sizes: Record<string, number> = { ...entry.defaults };
  for (const part of rest.join(":").split(",").filter(Boolean)) {
    const [key = "", value = ""] = part.split("=");
    const known = Object.hasOwn(sizes, key);
    if (known && /^[1-9]\d{0,5}$/.test(value)) {
      sizes[key] = Number(value);
      continue;
    }
    if (known)
      throw new MillraceError("argument", `${name}: ${key} must be an integer from 1 to 999999, not "${value}"`);
    const near = nearest(key, Object.keys(sizes));
    const help = near === undefined ? `sizes are ${Object.keys(sizes).join(", ")}` : `did you mean ${near}?`;
    throw new MillraceError("argument", `${name} has no size "${part}"`, { help });
  }
  const model = entry.make(sizes);
  const operands: NamedModel["operands"] = (seed, given) =>
    randomOperands(model.program, { seed, density: entry.density, given: { ...entry.given?.(sizes, seed), ...given } });
  return { model, operands };
}
