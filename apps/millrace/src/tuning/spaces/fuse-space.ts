/** Fusion of a model as a space: granularity, loop orders, lanes and tiles, for cycles and blocks. */
import { Explorer, evaluate, type FusionPoint, searchSpace } from "@millrace/fuseflow-sparse";
import { bindingTable } from "../../cli/flags.ts";
import { MillraceError } from "../../errors.ts";
import { explorationSubject } from "../../fuse/explore/subject.ts";
import { loadModel } from "../../fuse/load-model.ts";
import type { OpenTuningSpace } from "./tuning-space.ts";

/** What of the inputs is about the space and not the model, with the most that each may be. */
const limits: Readonly<Record<string, number>> = { orders: 1000, lanes: 256, block: 64 };

/** Opens `fuse:MODEL`. Every result is compared with the dense reference; one that differs is a crash. */
export const openFuseSpace: OpenTuningSpace = async ({ subject: name, inputs, folder, seed }) => {
  const own = inputs.filter((input) => Object.hasOwn(limits, input.name));
  const operands = bindingTable(
    "--input",
    inputs.filter((input) => !own.includes(input)),
  );
  const model = await loadModel(
    name,
    { inputs: operands, formats: new Map(), sizes: new Map(), seed, run: true },
    { folder, reading: () => () => {}, begin: () => {} },
  );
  const subject = explorationSubject(model, { variants: [], input: undefined, seed });
  const [data] = Object.keys(subject.data);
  const sizes = Object.fromEntries(own.map((input) => [input.name, sizeOf(input)]));
  const explorer = new Explorer(subject);
  return {
    scenario: searchSpace(subject, sizes),
    evaluate: (config) => evaluate(explorer, data!, config as unknown as FusionPoint),
  };
};

function sizeOf({ name, value }: { readonly name: string; readonly value: string }): number {
  const most = limits[name]!;
  if (/^[1-9]\d{0,3}$/.test(value) && Number(value) <= most) return Number(value);
  throw new MillraceError("argument", `${name} must be an integer from 1 to ${most}, not "${value}"`);
}
