/** SAM graphs by file: Graphviz, Comal protobuf as bytes or text, or JSON, told apart by name, else by content. */
import {
  decodeTortilla,
  type GraphPlaces,
  parseTortillaText,
  type ReferenceCase,
  readGraphJson,
  readGraphviz,
  readReferenceCase,
  type SamGraph,
  tortillaToGraph,
} from "@millrace/fuseflow-sparse";
import type { Source } from "@millrace/ir-text";
import { readWhole } from "../files/read.ts";

/** A graph as a file holds it. */
export interface LoadedGraph {
  readonly graph: SamGraph;
  /** Where its parts stand in the file, for messages; not known of every kind of file. */
  readonly places?: GraphPlaces;
  /** The recorded run that the file holds besides the graph. */
  readonly recorded?: ReferenceCase;
}

type GraphKind = "graphviz" | "protobuf" | "protobuf-text" | "json";

const kindByExtension: Readonly<Record<string, GraphKind>> = {
  gv: "graphviz",
  dot: "graphviz",
  bin: "protobuf",
  pb: "protobuf",
  pbtxt: "protobuf-text",
  textproto: "protobuf-text",
  json: "json",
};

/**
 * Reads a graph file, named from `folder`.
 *
 * @throws {MillraceError} `file-missing`, `file-unreadable`
 * @throws {DiagnosticError} for faults in text
 * @throws {FuseflowError} for faults in bytes
 */
export function loadGraph(folder: string, name: string): LoadedGraph {
  const bytes = readWhole(folder, name);
  const kind = kindOf(name, bytes);
  if (kind === "protobuf") return { graph: tortillaToGraph(decodeTortilla(bytes).message) };
  const source: Source = { name, text: new TextDecoder().decode(bytes) };
  if (kind === "graphviz") return readGraphviz(source);
  if (kind === "protobuf-text") return { graph: tortillaToGraph(parseTortillaText(source).message) };
  if (!holdsCase(source.text)) return readGraphJson(source);
  const recorded = readReferenceCase(source);
  return { graph: recorded.graph, recorded };
}

function kindOf(name: string, bytes: Uint8Array): GraphKind {
  const extension = /\.([^./]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  const named = kindByExtension[extension];
  if (named !== undefined) return named;
  const start = bytes.subarray(0, 4096);
  // No text holds control characters below the tabulator; a short protobuf file always does.
  if (start.some((byte) => byte < 9)) return "protobuf";
  const head = new TextDecoder().decode(start);
  if (/^\s*\{/.test(head)) return "json";
  return /^\s*(name|channel_size|graph)\s*[:{]/.test(head) ? "protobuf-text" : "graphviz";
}

// A recorded case and a graph are both JSON objects; only a case names the kernel it was recorded of.
function holdsCase(text: string): boolean {
  return /"kernel"\s*:/.test(text) && !/"blocks"\s*:/.test(text);
}
