/** The published models by their sizes. */
import { nearest } from "@millrace/ir-text";
import { StepError } from "../errors.ts";

/** Sizes of one decoder layer with grouped attention and a mixture of SwiGLU experts. */
export interface Model {
  /** Name on the command line. */
  readonly name: string;
  /** Size of a token. */
  readonly hidden: number;
  readonly experts: number;
  /** Experts per token. */
  readonly chosen: number;
  /** Size of a token inside an expert. */
  readonly inner: number;
  readonly queryHeads: number;
  readonly keyHeads: number;
  /** Size of a head. */
  readonly headSize: number;
}

/**
 * Mixtral-8x7B and Qwen3-30B-A3B. The latter's heads have 128 numbers; here they have the 64 of the published program, with
 * which its figures were made.
 */
export const models: readonly Model[] = [
  {
    name: "mixtral-8x7b",
    hidden: 4096,
    experts: 8,
    chosen: 2,
    inner: 14336,
    queryHeads: 32,
    keyHeads: 8,
    headSize: 128,
  },
  {
    name: "qwen3-30b-a3b",
    hidden: 2048,
    experts: 128,
    chosen: 8,
    inner: 768,
    queryHeads: 32,
    keyHeads: 4,
    headSize: 64,
  },
];

/**
 * The model of a name, of which the beginning is enough; case and punctuation do not matter.
 *
 * @throws {StepError} `model-unknown` with the names there are.
 */
export function modelNamed(name: string): Model {
  const plain = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const wanted = plain(name);
  const found = models.filter((model) => wanted.length > 0 && plain(model.name).startsWith(wanted));
  if (found.length === 1) return found[0]!;
  const names = models.map((model) => model.name);
  const close = nearest(name, names);
  const hint = close === undefined ? `known are ${names.join(" and ")}` : `did you mean '${close}'?`;
  throw new StepError("model-unknown", `there is no model '${name}'; ${hint}`, { hint });
}
