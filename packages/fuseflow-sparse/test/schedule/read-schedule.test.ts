import { DiagnosticError } from "@millrace/ir-text";
import { expect, test } from "vitest";
import { gcn } from "../../src/models/gcn.ts";
import { readSchedule } from "../../src/schedule/read-schedule.ts";

const { program } = gcn({ nodes: 8, features: 4, hidden: 4, classes: 2 });
const read = (text: string) => readSchedule({ name: "s.yaml", text }, program);

test("a schedule is read from YAML and from JSON, with other statements alone and regions in running order", () => {
  const text = `regions:
  - name: second
    tensors: [linear2, adj2]
    order: [i, k]
    parallel: [{ variable: i, factor: 4, balance: work }]
  - { name: first, tensors: [adj1, linear1, bias1, relu1] }
formats: { A: ds }
memory: hbm-burst
`;
  const schedule = read(text);
  expect(schedule.regions.map(({ name }) => name)).toEqual(["first", "second", "bias2", "output2"]);
  expect(schedule.regions[1]).toMatchObject({ tensors: ["adj2", "linear2"], order: ["i", "k"] });
  expect(read(JSON.stringify(schedule))).toEqual(schedule);
});

const faults: readonly (readonly [string, string])[] = [
  ["regions: [{ name: a, tensors: [adj3] }]", "adj3 is no result of the program"],
  ["regions: [{ name: a, tensors: [adj1] }, { name: b, tensors: [adj1] }]", "adj1 is in two regions"],
  ["regions: [{ name: a, tensors: [adj1, output2] }]", "wait for each other"],
  ["region: []", "unknown key"],
  ["block: 0", "block"],
  ["formats: { Q: ss }", "no input"],
  ["formats: { A: sq }", "illegal tensor format"],
  ["regions: [{ name: a }]", "regions.0.tensors: it is missing"],
  ["regions: [{ name: a, tensors: [adj1], paralel: [] }]", "unknown key; did you mean parallel?"],
  ["regions: [{ name: a, tensors: [adj1], parallel: [{ variable: i, factor: 0 }] }]", "factor"],
  ["regions: [", "not YAML"],
];

test.each(faults)("%s is refused with its place", (text, message) => {
  let found: unknown;
  try {
    read(text);
  } catch (error) {
    found = error;
  }
  expect(found).toBeInstanceOf(DiagnosticError);
  expect((found as DiagnosticError).message).toContain(message);
  expect((found as DiagnosticError).message).toContain("s.yaml:1");
});
