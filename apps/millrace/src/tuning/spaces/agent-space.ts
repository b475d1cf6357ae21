/** A machine for a verified operator as a space: elements of a loaded tile, slots of channels, units of each operator. */
import { operatorSpace, Verifier } from "@millrace/aspl-agent";
import { loadTask } from "../../agent/load-tasks.ts";
import { MillraceError } from "../../errors.ts";
import { readText } from "../../files/read.ts";
import { inputsNamed, type OpenTuningSpace } from "./tuning-space.ts";

const inputNames = ["program", "task"];

/** Opens `agent:TASK.json`, with `-i program=FILE` unless it is the task's reference, and `-i task=ID` of several. */
export const openAgentSpace: OpenTuningSpace = async (request) => {
  const { folder, subject } = request;
  const { program: file, task: id } = inputsNamed(request, inputNames);
  const task = loadTask(folder, subject, id);
  const verifier = new Verifier(task, { seed: request.seed });
  if (file === undefined) {
    if (task.reference !== undefined) return operatorSpace(verifier, task.reference);
    throw new MillraceError("argument", `agent: ${task.id} has no reference program`, {
      help: "bind one: -i program=FILE",
    });
  }
  const text = readText(folder, file);
  const { verdict, message } = verifier.verifyText(text);
  const read = verifier.readText(text);
  if (verdict === "ok" && "program" in read) return operatorSpace(verifier, read.program);
  throw new MillraceError("argument", `agent: ${file} is not right for ${task.id}: ${verdict}: ${message}`);
};
