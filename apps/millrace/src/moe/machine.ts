/** Model and hardware as the command line names them. */
import {
  type Contention,
  type Hardware,
  type HardwareChanges,
  type MoeModel,
  memoryPlan,
  modelNamed,
  readHardware,
  readModel,
  SieveError,
} from "@millrace/sieve-pim";
import { MillraceError } from "../errors.ts";
import { readText } from "../files/read.ts";

/** Ways of finding the GPU's time. */
export type GpuModelName = Hardware["gpuModel"];

/** What was asked for. */
export interface MachineChoice {
  readonly model: string;
  readonly hardware: string;
  readonly gpus?: number | undefined;
  readonly contention?: Contention | undefined;
  readonly gpuModel?: GpuModelName | undefined;
  readonly pimTiming?: string | undefined;
}

/** Names a file if it ends like one. */
function isFile(name: string): boolean {
  return name.endsWith(".json");
}

/** A JSON file as a value. */
export function readJsonFile(folder: string, name: string): unknown {
  try {
    return JSON.parse(readText(folder, name));
  } catch (cause) {
    if (cause instanceof MillraceError) throw cause;
    throw new MillraceError("file-kind", `${name}: ${(cause as Error).message}`, { cause });
  }
}

/** The model of that name, or in that file. */
export function chosenModel(folder: string, name: string): MoeModel {
  return isFile(name) ? readModel(readJsonFile(folder, name), name) : modelNamed(name);
}

/** The hardware of that name, or in that file, with what the flags change. */
export function chosenHardware(folder: string, choice: MachineChoice): Hardware {
  const { hardware, gpus, contention, gpuModel, pimTiming } = choice;
  const changes: HardwareChanges = {
    ...(gpus === undefined ? {} : { gpus }),
    ...(contention === undefined ? {} : { contention }),
    ...(gpuModel === undefined ? {} : { gpuModel }),
    ...(pimTiming === undefined ? {} : { pim: { timing: pimTiming } }),
  };
  return readHardware(isFile(hardware) ? readJsonFile(folder, hardware) : { base: hardware }, changes);
}

/** The same node with the fewest GPUs that hold the model; with all of them if none do. */
export function fewestGpus(model: MoeModel, hardware: Hardware): Hardware {
  for (let gpus = 1; gpus < hardware.gpu.nodeGpus; gpus *= 2) {
    const smaller = { ...hardware, gpus };
    if (fits(model, smaller)) return smaller;
  }
  return { ...hardware, gpus: hardware.gpu.nodeGpus };
}

function fits(model: MoeModel, hardware: Hardware): boolean {
  try {
    memoryPlan(model, hardware);
    return true;
  } catch (error) {
    if (error instanceof SieveError && error.code === "capacity") return false;
    throw error;
  }
}
