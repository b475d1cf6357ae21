/** A machine for embedding operations as a space: level of optimisation, lanes, queue, and how far it runs ahead. */
import { evaluate, searchSpace } from "@millrace/ember-dae";
import { loadMachine } from "../../embed/load-machine.ts";
import { parseTimingMemory, timingMemory } from "../../embed/timing-memory.ts";
import { loadWorkload, parseDims } from "../../embed/timing-workload.ts";
import { MillraceError } from "../../errors.ts";
import { inputsNamed, type OpenTuningSpace } from "./tuning-space.ts";

const inputNames = ["trace", "ids", "dims", "machine", "memory"];

/** Opens `embed:OP`, with `-i trace=FILE -i dims=DIMS`, `-i ids=N` for the first of the trace, and a machine and a memory unless they are the defaults. */
export const openEmbedSpace: OpenTuningSpace = async (request) => {
  const { folder, subject: operation } = request;
  const { trace, ids, dims, machine: name = "dae", memory = "ideal" } = inputsNamed(request, inputNames);
  if (trace === undefined || dims === undefined) {
    throw new MillraceError("argument", `embed: needs a ${trace === undefined ? "trace" : "width of rows"}`, {
      help: "bind both: -i trace=FILE -i dims=rows=1000000,width=64,bag=80",
    });
  }
  const machine = loadMachine(folder, name);
  const workload = loadWorkload(folder, { operation, trace, ids: countFrom(ids), dims: parseDims(dims), type: "f32" });
  const model = timingMemory(folder, parseTimingMemory(memory), machine);
  return {
    scenario: searchSpace(machine),
    evaluate: (config) => evaluate(workload, machine, config, model === undefined ? {} : { memory: model }),
  };
};

function countFrom(text: string | undefined): number | undefined {
  if (text === undefined || /^[1-9]\d{0,11}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new MillraceError("argument", `ids must be an integer of at least 1, not "${text}"`);
}
