/** Options that name files: names are written from the folder of their text, and kept from the folder of the pipeline. */
import { relative, resolve, sep } from "node:path";
import { checkedPath } from "../../files/read.ts";
import { type MemoryName, machineMemory, parseMemory } from "../../inputs/machine-memory.ts";
import type { WrittenValue } from "../read/written-value.ts";
import { type OptionContext, type OptionShape, refuseOther } from "./option-shape.ts";
import { helpOf } from "./scalar-options.ts";

/** A file that is there. */
export function file(brief: string, expects: string): OptionShape<string> {
  return {
    brief,
    expects,
    fallback: "required",
    read: (written, context) => fileName(written, context, expects),
    files: (name) => [name],
  };
}

/** A file that is there, or nothing. */
export function optionalFile(brief: string, expects: string): OptionShape<string | null> {
  return {
    brief,
    expects,
    fallback: { value: null },
    read: (written, context) => fileName(written, context, expects),
    files: (name) => (name === null ? [] : [name]),
  };
}

/** A file, or one of the names that come with the program, which `isName` knows. */
export function fileOrName(brief: string, expects: string, isName: (text: string) => boolean): OptionShape<string> {
  return {
    brief,
    expects,
    fallback: "required",
    read(written, context) {
      const { text } = written;
      try {
        if (text !== undefined && isName(text)) return text;
      } catch (cause) {
        return written.refuse((cause as Error).message, helpOf(cause));
      }
      return fileName(written, context, expects);
    },
    files: (name) => (isName(name) ? [] : [name]),
  };
}

/** Tensors by name: each a file, a number, or `random:SHAPE[:SHARE]`. */
export function operands(brief: string): OptionShape<Readonly<Record<string, string>>> {
  const expects = "a mapping of names to tensor files, numbers or random:SHAPE:SHARE";
  return {
    brief,
    expects,
    fallback: { value: {} },
    read(written, context) {
      const { members } = written;
      if (members === undefined) return refuseOther(written, expects);
      const found: Record<string, string> = {};
      for (const { key, span, value } of members) {
        if (!/^[A-Za-z_]\w*$/.test(key)) {
          value.refuse(`${key} is no name of a tensor`, "names are letters, digits and _, such as A", span);
          continue;
        }
        const given = isFile(value.text ?? "file") ? fileName(value, context, "a tensor file") : value.text;
        if (given !== undefined) found[key] = given;
      }
      return Object.keys(found).length === members.length ? found : undefined;
    },
    files: (given) => Object.values(given).filter(isFile),
  };
}

function isFile(given: string): boolean {
  return !given.startsWith("random:") && !/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(given);
}

/** The memory of a simulated machine. */
export function memory(brief: string, fallback: MemoryName): OptionShape<MemoryName> {
  const expects = "none, hbm-burst, dram:PRESET or dram:FILE.yaml";
  return {
    brief,
    expects,
    fallback: { value: fallback },
    read(written, context) {
      const { text } = written;
      if (text === undefined) return refuseOther(written, expects);
      try {
        const name = isMemoryFile(text) ? movedMemory(text, written, context) : parseMemory(text);
        machineMemory(context.folder, name);
        return name;
      } catch (cause) {
        return written.refuse((cause as Error).message, helpOf(cause));
      }
    },
    files: (name) => (isMemoryFile(name) ? [name.slice("dram:".length)] : []),
  };
}

function isMemoryFile(name: string): boolean {
  return /^dram:.+\.(ya?ml|json)$/.test(name);
}

function movedMemory(text: string, written: WrittenValue, context: OptionContext): MemoryName {
  return `dram:${moved(text.slice("dram:".length), written.folder, context.folder)}`;
}

function fileName(written: WrittenValue, { folder }: OptionContext, expects: string): string | undefined {
  const { text } = written;
  if (text === undefined || text === "") return refuseOther(written, expects);
  try {
    checkedPath(written.folder, text);
    return moved(text, written.folder, folder);
  } catch (cause) {
    return written.refuse((cause as Error).message, helpOf(cause));
  }
}

/** A name that was written from one folder, from another. */
function moved(name: string, from: string, to: string): string {
  return from === to ? name : relative(to, resolve(from, name)).split(sep).join("/");
}
