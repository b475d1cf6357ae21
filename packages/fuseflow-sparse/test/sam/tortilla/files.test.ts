import { describe, expect, test } from "vitest";
import { graphToTortilla } from "../../../src/sam/tortilla/convert/from-graph.ts";
import { tortillaToGraph } from "../../../src/sam/tortilla/convert/to-graph.ts";
import { decodeTortilla } from "../../../src/sam/tortilla/decode.ts";
import { encodeTortilla } from "../../../src/sam/tortilla/encode.ts";
import { parseTortillaText } from "../../../src/sam/tortilla/parse-text.ts";
import { printTortillaText } from "../../../src/sam/tortilla/print-text.ts";
import { validateGraph } from "../../../src/sam/validate/validate.ts";
import { graphFiles, nameless, readBytes, readText } from "../../support/graph-files.ts";

const files = ["comal", "compiler", "older"].flatMap((folder) =>
  graphFiles(`tortilla/${folder}`, ".bin").map((name) => `tortilla/${folder}/${name}`),
);
const versionOf = (file: string): string => {
  if (!file.includes("/older/")) return "newest";
  return file.includes("dam_eval") ? "45d1855" : "6daaa11";
};

test("all recorded Comal graphs are here", () => {
  expect(files).toHaveLength(68);
});

describe.each(files)("%s", (file) => {
  const bytes = readBytes(`${file}.bin`);
  const { message, version } = decodeTortilla(bytes);

  test("is recognised as the layout it was written in", () => {
    expect(version).toBe(versionOf(file));
  });

  test("prints as the reference implementation prints it, and is read back from that text", () => {
    const text = readText(`${file}.pbtxt.gz`);
    expect(printTortillaText(message, version)).toBe(text);
    expect(parseTortillaText({ name: file, text })).toEqual({ version, message });
  });

  test("is encoded to the same bytes", () => {
    expect(encodeTortilla(message, version)).toEqual(bytes);
  });

  test("becomes a graph, and that graph a file of the same graph", () => {
    const graph = tortillaToGraph(message);
    const written = encodeTortilla(graphToTortilla(graph, version), version);
    const again = decodeTortilla(written, version);
    expect(nameless(tortillaToGraph(again.message))).toEqual(nameless(graph));
    expect(encodeTortilla(again.message, version)).toEqual(written);
    expect(parseTortillaText({ name: file, text: printTortillaText(again.message, version) }, version).message).toEqual(
      again.message,
    );
  });

  test("lines up, unless it is one of the three whose outputs do not", () => {
    const errors = validateGraph(tortillaToGraph(message)).filter(({ severity }) => severity === "error");
    const expected = /dam_eval|calibration/.test(file) ? ["missing-value-drop"] : [];
    expect(errors.map(({ code }) => code)).toEqual(expected);
  });
});

test("scanners that are numbered by mode are renumbered by level, and the modes kept as the storage order", () => {
  const graph = tortillaToGraph(decodeTortilla(readBytes("tortilla/older/dam_eval__matmul_100__matmul.bin")).message);
  expect(graph.tensors.C).toEqual({ levels: ["compressed", "compressed"], modeOrder: [1, 0] });
  expect(graph.blocks.find(({ id }) => id === "fiberlookup-17")).toMatchObject({ tensor: "C", level: 0, index: "j" });
});

test("a coordinate signal is moved to the references beside it, and broadcasts are rebuilt", () => {
  const graph = tortillaToGraph(decodeTortilla(readBytes("tortilla/older/dam_eval__matmul_100__matmul.bin")).message);
  const written = tortillaToGraph(graphToTortilla(graph));
  const signals = written.blocks.filter(({ type }) => type === "repsiggen").map(({ id }) => id);
  expect(signals).toHaveLength(2);
  for (const id of signals) expect(written.edges.find(({ to }) => to.block === id)?.kind).toBe("ref");
  expect(validateGraph(written).map(({ code }) => code)).toEqual(validateGraph(graph).map(({ code }) => code));
});
