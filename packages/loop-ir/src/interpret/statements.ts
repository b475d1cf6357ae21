import type { Nest, Statement } from "../nest/nest.ts";
import type { Scalar } from "./arithmetic.ts";
import { compileExpression } from "./expressions.ts";
import { FaultSignal, type Frame } from "./frame.ts";

/** A statement as a closure. */
export type Action = (frame: Frame) => void;

/** Makes a statement list ready to be run many times. */
export function compileBlock(nest: Nest, body: readonly Statement[]): Action {
  const actions = body.map((statement) => compileStatement(nest, statement));
  const [only] = actions;
  if (actions.length === 1 && only !== undefined) return only;
  return (frame) => {
    for (const action of actions) action(frame);
  };
}

function compileStatement(nest: Nest, statement: Statement): Action {
  switch (statement.kind) {
    case "set": {
      const { local } = statement;
      const value = compileExpression(nest, statement.value);
      return (frame) => {
        frame.locals[local] = value(frame);
      };
    }
    case "store":
      return compileStore(nest, statement);
    case "if": {
      const condition = compileExpression(nest, statement.condition);
      const then = compileBlock(nest, statement.whenTrue);
      const otherwise = compileBlock(nest, statement.whenFalse);
      return (frame) => (condition(frame) ? then(frame) : otherwise(frame));
    }
    case "for":
      return compileFor(nest, statement);
    case "while": {
      const head = compileBlock(nest, statement.head);
      const condition = compileExpression(nest, statement.condition);
      const body = compileBlock(nest, statement.body);
      return (frame) => {
        for (head(frame); condition(frame); head(frame)) body(frame);
      };
    }
    case "prefetch":
      return () => {};
    case "bound":
      return compileBound(nest, statement);
    case "check": {
      const condition = compileExpression(nest, statement.condition);
      const fault = new FaultSignal(statement.reason);
      return (frame) => {
        if (!condition(frame)) throw fault;
      };
    }
    case "step":
      return (frame) => {
        frame.steps++;
      };
  }
}

function compileFor(nest: Nest, statement: Extract<Statement, { kind: "for" }>): Action {
  const { local } = statement;
  const from = compileExpression(nest, statement.from);
  const to = compileExpression(nest, statement.to);
  const body = compileBlock(nest, statement.body);
  if (statement.from.type === "i64") {
    const step = BigInt(statement.step);
    return (frame) => {
      const end = to(frame) as bigint;
      for (let index = from(frame) as bigint; index < end; index += step) {
        frame.locals[local] = index;
        body(frame);
      }
    };
  }
  const { step } = statement;
  return (frame) => {
    const end = to(frame) as number;
    for (let index = from(frame) as number; index < end; index += step) {
      frame.locals[local] = index;
      body(frame);
    }
  };
}

function compileStore(nest: Nest, statement: Extract<Statement, { kind: "store" }>): Action {
  const { buffer, mask } = statement;
  const index = compileExpression(nest, statement.index);
  const value = compileExpression(nest, statement.value);
  const taken = mask === undefined ? undefined : compileExpression(nest, mask);
  const fault = new FaultSignal({ code: "out-of-bounds", buffer });
  const put = (frame: Frame, place: number, entry: Scalar) => {
    const array = frame.arrays[buffer]!;
    if (!(place >= 0 && place < array.length)) throw fault;
    (array as { [place: number]: unknown })[place] = entry;
  };
  if (typeof statement.value.type === "string") {
    return (frame) => {
      const place = Number(index(frame));
      put(frame, place, value(frame) as Scalar);
    };
  }
  return (frame) => {
    const first = Number(index(frame));
    const entries = value(frame) as readonly Scalar[];
    const lanes = taken?.(frame) as readonly boolean[] | undefined;
    entries.forEach((entry, lane) => {
      if (lanes === undefined || lanes[lane]) put(frame, first + lane, entry);
    });
  };
}

function compileBound(nest: Nest, statement: Extract<Statement, { kind: "bound" }>): Action {
  const { buffer, lanes } = statement;
  const index = compileExpression(nest, statement.index);
  const end = statement.end === undefined ? undefined : compileExpression(nest, statement.end);
  const fault = new FaultSignal({ code: "out-of-bounds", buffer });
  return (frame) => {
    const first = Number(index(frame));
    const last = end === undefined ? first + lanes : Number(end(frame));
    if (first < last && !(first >= 0 && last <= frame.arrays[buffer]!.length)) throw fault;
  };
}
