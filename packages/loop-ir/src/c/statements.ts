import type { IndentedPrinter } from "@millrace/ir-text";
import type { FaultReason, Statement } from "../nest/nest.ts";
import type { CExpressions } from "./expressions.ts";

/** What is needed to write statements: the same in C and in CUDA. */
export interface CWriting {
  readonly printer: IndentedPrinter;
  readonly expressions: CExpressions;
  /** Reasons why a unit may end early, numbered from 1: what the function returns. */
  readonly sites: FaultReason[];
  /** Writes a prefetch of an address. */
  readonly prefetch: (address: string, level: 0 | 1 | 2 | 3) => string;
}

/** Writes statements in order. */
export function writeBlock(writing: CWriting, body: readonly Statement[]): void {
  for (const statement of body) writeStatement(writing, statement);
}

function writeStatement(writing: CWriting, statement: Statement): void {
  const { printer, expressions } = writing;
  const inner = (body: readonly Statement[]) => () => writeBlock(writing, body);
  switch (statement.kind) {
    case "set":
      printer.line(`${expressions.names.local(statement.local)} = ${expressions.text(statement.value)};`);
      return;
    case "store":
      printer.line(expressions.store(statement));
      return;
    case "if":
      printer.line(`if (${expressions.text(statement.condition)}) {`).indented(inner(statement.whenTrue));
      if (statement.whenFalse.length > 0) printer.line("} else {").indented(inner(statement.whenFalse));
      printer.line("}");
      return;
    case "for":
      writeFor(writing, statement);
      return;
    case "while":
      if (statement.head.length === 0) {
        printer.block(`while (${expressions.text(statement.condition)}) {`, "}", inner(statement.body));
        return;
      }
      printer.block("for (;;) {", "}", () => {
        writeBlock(writing, statement.head);
        printer.line(`if (!(${expressions.text(statement.condition)})) break;`);
        writeBlock(writing, statement.body);
      });
      return;
    case "prefetch":
      printer.line(`${writing.prefetch(expressions.address(statement.buffer, statement.index), statement.level)};`);
      return;
    case "check":
      printer.line(`if (!(${expressions.text(statement.condition)})) ${leave(writing, statement.reason)}`);
      return;
    case "bound":
      writeBound(writing, statement);
      return;
    case "step":
      return;
  }
}

function leave({ sites }: CWriting, reason: FaultReason): string {
  const known = sites.findIndex((site) => JSON.stringify(site) === JSON.stringify(reason));
  return `return ${known < 0 ? sites.push(reason) : known + 1};`;
}

function writeFor(writing: CWriting, statement: Extract<Statement, { kind: "for" }>): void {
  const { printer, expressions } = writing;
  const index = expressions.names.local(statement.local);
  const type = statement.from.type === "i64" ? "int64_t" : "int32_t";
  const end = `${index}_end`;
  printer.block("{", "}", () => {
    printer.line(`const ${type} ${end} = ${expressions.text(statement.to)};`);
    const from = expressions.text(statement.from);
    if (statement.step === 1) {
      printer.block(`for (${type} ${index} = ${from}; ${index} < ${end}; ${index}++) {`, "}", () => {
        writeBlock(writing, statement.body);
      });
      return;
    }
    printer.block(`for (${type} ${index} = ${from}; ${index} < ${end};) {`, "}", () => {
      writeBlock(writing, statement.body);
      printer.line(`if ((u${type})${end} - (u${type})${index} <= ${statement.step}u) break;`);
      printer.line(`${index} += ${statement.step};`);
    });
  });
}

function writeBound(writing: CWriting, statement: Extract<Statement, { kind: "bound" }>): void {
  const { printer, expressions } = writing;
  const { buffer, index, lanes, end } = statement;
  const length = expressions.names.length(buffer);
  const first = expressions.index(index);
  const fault = leave(writing, { code: "out-of-bounds", buffer });
  if (end !== undefined) {
    const last = expressions.index(end);
    printer.line(`if (${first} < ${last} && (${first} < 0 || ${last} > ${length})) ${fault}`);
  } else if (lanes === 1) {
    printer.line(`if ((uint64_t)${first} >= (uint64_t)${length}) ${fault}`);
  } else {
    printer.line(`if (${first} < 0 || ${first} > ${length} - ${lanes}) ${fault}`);
  }
}
