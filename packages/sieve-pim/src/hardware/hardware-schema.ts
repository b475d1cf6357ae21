/** The form of hardware in JSON: a preset and what differs from it. */
import * as v from "valibot";
import { amount, checked, count, positive, share } from "../checked.ts";
import { SieveError } from "../errors.ts";
import { timingNamed } from "../pim/timing.ts";
import { type Hardware, topologyOf } from "./hardware.ts";
import { type HardwareChanges, hardwareNamed } from "./presets.ts";

const kernel = v.strictObject({
  memoryFraction: v.pipe(share, v.gtValue(0, "must be above 0")),
  flopFraction: v.pipe(share, v.gtValue(0, "must be above 0")),
  tileRows: count,
  fixedNs: amount,
});

const gpu = v.partial(
  v.strictObject({
    id: v.string(),
    source: v.string(),
    memoryBytesPerNs: amount,
    memoryBytes: positive,
    flopsPerNs: v.strictObject({ bf16: positive, fp8: v.nullable(positive), fp4: v.nullable(positive) }),
    linkBytesPerNs: amount,
    multiprocessors: count,
    stacks: count,
    nodeGpus: count,
    measuredAs: v.nullable(v.string()),
    kernel,
  }),
);

const pim = v.partial(
  v.strictObject({
    timing: v.string(),
    stacks: count,
    channelsPerStack: count,
    bytesPerStack: positive,
    fixedNs: amount,
    perExpertNs: amount,
    bytesPerWeight: positive,
    accumulators: count,
    vectorReuse: v.boolean(),
    overlapWrites: v.boolean(),
    refresh: v.boolean(),
    splitFraction: v.pipe(share, v.gtValue(0, "must be above 0"), v.ltValue(1, "must be below 1")),
  }),
);

const hardware = v.strictObject({
  base: v.string(),
  gpu: v.optional(gpu),
  pim: v.optional(pim),
  link: v.optional(v.partial(v.strictObject({ bytesPerNs: amount, latencyNs: amount }))),
  gpus: v.optional(count),
  contention: v.optional(v.picklist(["disjoint", "exclusive", "dual-row-buffer", "channel-split"])),
  gpuModel: v.optional(v.picklist(["table", "roofline", "tiled"])),
  decisionNs: v.optional(amount),
  decisionHidden: v.optional(v.boolean()),
});

/**
 * Hardware from a parsed JSON document: `base` names a GPU, everything else replaces what it has.
 *
 * @throws {SieveError} `hardware` if the document has another form; what {@link checkHardware} refuses.
 */
export function readHardware(document: unknown, changes: HardwareChanges = {}): Hardware {
  const { base, ...own } = checked(hardware, document, { code: "hardware", of: "hardware" });
  // The schema leaves absent fields out, so spreading never writes `undefined` over a figure.
  const merged = { ...own, ...changes } as HardwareChanges;
  return checkHardware(
    hardwareNamed(base, {
      ...merged,
      gpu: { ...own.gpu, ...changes.gpu } as Partial<Hardware["gpu"]>,
      pim: { ...own.pim, ...changes.pim } as Partial<Hardware["pim"]>,
      link: { ...own.link, ...changes.link } as Partial<Hardware["link"]>,
    }),
  );
}

/**
 * Returns `hardware` if its parts fit together.
 *
 * @throws {SieveError} `topology` if there are more GPUs than links among them, or a link that is needed has no
 * bandwidth; `hardware` if a timing is unknown or a bandwidth is zero.
 */
export function checkHardware(hardware: Hardware): Hardware {
  const { gpu, link, gpus, contention } = hardware;
  timingNamed(hardware.pim.timing);
  if (!(Number.isInteger(gpus) && gpus >= 1)) {
    throw new SieveError("hardware", `the number of GPUs must be an integer of at least 1, not ${gpus}`, {
      path: "gpus",
    });
  }
  if (gpus > gpu.nodeGpus) {
    throw new SieveError(
      "topology",
      `${gpus} GPUs cannot be linked: a node of ${gpu.id} has direct links among ${gpu.nodeGpus}, ${gpus - gpu.nodeGpus} too few`,
      {
        path: "gpus",
        limit: "nodeGpus",
        value: gpus,
        allowed: gpu.nodeGpus,
        hint: `use ${gpu.nodeGpus} GPUs or fewer`,
      },
    );
  }
  const zero = (name: string, value: number, hint: string): void => {
    if (value > 0 && Number.isFinite(value)) return;
    throw new SieveError("topology", `${name} is ${value} bytes/ns, so nothing can be moved over it`, {
      path: name,
      limit: name,
      value,
      hint,
    });
  };
  zero("gpu.memoryBytesPerNs", gpu.memoryBytesPerNs, "give the bandwidth of the GPU's memory, for example 4800");
  if (gpus > 1) {
    zero("gpu.linkBytesPerNs", gpu.linkBytesPerNs, "give the links a bandwidth, for example 450, or use 1 GPU");
  }
  if (topologyOf(contention) === "attached") {
    zero(
      "link.bytesPerNs",
      link.bytesPerNs,
      "give the link a bandwidth, for example 600, or use the contention exclusive",
    );
  }
  return hardware;
}
