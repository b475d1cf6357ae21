/** A machine by its name, or from a file in YAML or JSON. */
import { type Machine, machineNamed, readMachine, type ValuePath } from "@millrace/ember-dae";
import { parse } from "yaml";
import { parseYaml, type YamlShape } from "../dram/yaml-shape.ts";
import { readText } from "../files/read.ts";

/**
 * The machine that `name` stands for; names that end like a file are files.
 *
 * @throws {DiagnosticError} that points at the first fault of a file; {EmberError} `machine` for a name there is not
 */
export function loadMachine(folder: string, name: string): Machine {
  if (!/\.(ya?ml|json)$/i.test(name)) return machineNamed(name);
  const text = readText(folder, name);
  const root = parseYaml({ name, text });
  return readMachine(parse(text), (path, message, help) => shapeAt(root, path).refuse(message, help));
}

function shapeAt(root: YamlShape, path: ValuePath): YamlShape {
  return path.reduce<YamlShape>(
    (shape, step) => (typeof step === "number" ? (shape.items()[step] ?? shape) : shape.member(step)),
    root,
  );
}
