/** GraphDefs by themselves: frozen graphs in binary and text form, and SavedModels. */
import type { Source } from "@millrace/ir-text";
import { type Message, messageOf, messagesOf, readMessage, stringOf } from "../../archive/protobuf.ts";
import { messageFromText } from "../../archive/text-message.ts";
import { ModelError } from "../../errors.ts";
import type { ModelGraph } from "../../graph/model-graph.ts";
import { readGraphDef } from "./graphdef.ts";
import { graphDefSchema, savedModelSchema, typeNumbers } from "./graphdef-schema.ts";

/** Whether text looks like a GraphDef in text form. */
export function isGraphDefText(text: string): boolean {
  return /^\s*(#[^\n]*\s*)*(node|versions|library)\s*:?\s*[{<]/.test(text);
}

/** @throws {DiagnosticError} faults of the text, {@link ModelError} faults of the graph */
export function readGraphDefText(source: Source): ModelGraph {
  return fromMessage(messageFromText(source, graphDefSchema, typeNumbers), source.name, "GraphDef text");
}

/** The GraphDef in bytes, or `undefined` if they hold none. */
export function tryReadGraphDef(bytes: Uint8Array, file: string): ModelGraph | undefined {
  const message = messageIn(bytes, file);
  return message === undefined ? undefined : fromMessage(message, file, "GraphDef");
}

function messageIn(bytes: Uint8Array, file: string): Message | undefined {
  // A GraphDef begins with a node (field 1, a message), a SavedModel with its version (field 1, a number).
  if (bytes[0] === 8) {
    const [meta] = messagesOf(readMessage(bytes, savedModelSchema, { file }), "metaGraphs");
    return meta === undefined ? undefined : messageOf(meta, "graphDef");
  }
  if (![0x0a, 0x12, 0x22].includes(bytes[0] ?? 0)) return undefined;
  const message = readMessage(bytes, graphDefSchema, { file });
  return messagesOf(message, "node").some((node) => stringOf(node, "op") !== "") ? message : undefined;
}

function fromMessage(message: Message, file: string, version: string): ModelGraph {
  if (messagesOf(message, "node").length === 0) {
    throw new ModelError("program-missing", "the GraphDef has no nodes", {
      place: { file },
      help: "save the graph again",
    });
  }
  const name = file.replace(/^.*[\\/]/, "").replace(/\..*$/, "");
  const source = { format: "graphdef", file, version, producer: "TensorFlow" } as const;
  return readGraphDef({ name, source, message, weights: new Map(), constants: new Map(), outputs: undefined });
}
