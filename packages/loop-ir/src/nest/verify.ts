import type { LoopErrorCode } from "../errors.ts";
import type { Expression, Nest, Statement } from "./nest.ts";
import { operatorFault } from "./operators.ts";
import { type ElementType, isInteger, laneOf, lanesOf, sameType, type Type, typeName, valueTypeOf } from "./types.ts";
import { assignedIn, expressionsOf, operandsOf } from "./walk.ts";

/** A fault of a nest: `where` names the statements that lead to it, from the outside in. */
export interface NestFault {
  readonly code: Extract<LoopErrorCode, "nest-type" | "nest-structure">;
  readonly where: string;
  /** `where` and what is wrong there. */
  readonly message: string;
}

/**
 * Every fault of a nest: types that do not fit, references to nothing, locals that are used before they are set, loop
 * variables that are set in their loop, stores to what is only read. A nest without faults can be run by any back end.
 */
export function verifyNest(nest: Nest): NestFault[] {
  const verifier = new Verifier(nest);
  verifier.declarations();
  verifier.block(nest.body, new Set(), "body");
  return verifier.faults;
}

class Verifier {
  readonly faults: NestFault[] = [];
  readonly #nest: Nest;
  /** Variables of the loops around the present statement. */
  readonly #loops = new Set<number>();

  constructor(nest: Nest) {
    this.#nest = nest;
  }

  declarations(): void {
    const { buffers, scalars } = this.#nest;
    const names = [...buffers, ...scalars].map(({ name }) => name);
    for (const name of [this.#nest.name, ...names]) {
      if (!/^[A-Za-z_]\w*$/.test(name)) {
        this.#fault("nest-structure", "declarations", `${JSON.stringify(name)} is no name`);
      }
    }
    for (const name of new Set(names.filter((each, place) => names.indexOf(each) !== place))) {
      this.#fault("nest-structure", "declarations", `${name} is declared twice`);
    }
    for (const { name, element, extent, within } of buffers) {
      for (const limit of [extent, within]) {
        if (limit !== undefined) this.#limit(limit, name);
      }
      if (within !== undefined && element !== "i32" && element !== "i64") {
        this.#fault("nest-type", name, `only entries that are i32 or i64 lie within a limit, not ${element}`);
      }
    }
  }

  /** Checks a list; `set` holds the locals that have a value before it and, when it returns, those that have one after. */
  block(body: readonly Statement[], set: Set<number>, where: string): void {
    body.forEach((statement, place) => {
      this.#statement(statement, set, `${where} > ${statement.kind} ${place}`);
    });
  }

  #statement(statement: Statement, set: Set<number>, where: string): void {
    if (statement.kind !== "while") this.#expressions(statement, set, where);
    switch (statement.kind) {
      case "set":
        this.#assign(statement.local, statement.value.type, where);
        set.add(statement.local);
        return;
      case "store":
        this.#store(statement, where);
        return;
      case "if": {
        const then = new Set(set);
        const otherwise = new Set(set);
        this.block(statement.whenTrue, then, `${where} > then`);
        this.block(statement.whenFalse, otherwise, `${where} > else`);
        for (const local of then) if (otherwise.has(local)) set.add(local);
        return;
      }
      case "for":
        this.#for(statement, set, where);
        return;
      case "while":
        this.block(statement.head, set, `${where} > head`);
        this.#expressions(statement, set, where);
        this.block(statement.body, new Set(set), `${where} > body`);
        return;
      case "prefetch":
      case "bound":
        if (this.#nest.buffers[statement.buffer] === undefined) this.#missing("buffer", statement.buffer, where);
        for (const expression of expressionsOf(statement)) this.#integer(expression, where);
        return;
    }
  }

  #for(statement: Extract<Statement, { kind: "for" }>, set: Set<number>, where: string): void {
    const { local, from, to, step, body } = statement;
    this.#assign(local, from.type, where);
    this.#integer(from, where);
    if (!sameType(from.type, to.type)) {
      this.#fault("nest-type", where, `the ends are ${typeName(from.type)} and ${typeName(to.type)}`);
    }
    if (!(Number.isInteger(step) && step >= 1 && step < 2 ** 31)) {
      this.#fault("nest-structure", where, `the step is an integer of at least 1, not ${step}`);
    }
    if (assignedIn(body).has(local))
      this.#fault("nest-structure", where, `${this.#name(local)} is set in its own loop`);
    this.#loops.add(local);
    this.block(body, new Set([...set, local]), where);
    this.#loops.delete(local);
    set.delete(local);
  }

  #store(statement: Extract<Statement, { kind: "store" }>, where: string): void {
    const { buffer, index, value, mask } = statement;
    this.#integer(index, where);
    const declared = this.#nest.buffers[buffer];
    if (declared === undefined) {
      this.#missing("buffer", buffer, where);
      return;
    }
    if (declared.access === "read") this.#fault("nest-structure", where, `${declared.name} is only read`);
    const { element } = declared;
    if (element === "f16" || element === "bf16" || (element === "i8" && typeof value.type === "object"))
      this.#fault("nest-type", where, `a ${typeName(value.type)} is not rounded to the ${element} of ${declared.name}`);
    this.#holds(declared, value.type, mask, where);
  }

  #holds(
    declared: { name: string; element: ElementType },
    type: Type,
    mask: Expression | undefined,
    where: string,
  ): void {
    if (laneOf(type) !== valueTypeOf(declared.element)) {
      this.#fault("nest-type", where, `${declared.name} holds ${declared.element}, not ${typeName(type)}`);
    }
    if (mask !== undefined && (lanesOf(mask.type) !== lanesOf(type) || typeof type === "string")) {
      this.#fault("nest-type", where, `a mask of ${typeName(mask.type)} is not for ${typeName(type)}`);
    }
  }

  #expressions(statement: Statement, set: ReadonlySet<number>, where: string): void {
    for (const expression of expressionsOf(statement)) this.#expression(expression, set, where);
    if (
      (statement.kind === "if" || statement.kind === "while" || statement.kind === "check") &&
      statement.condition.type !== "bool"
    ) {
      this.#fault("nest-type", where, `a condition is a bool, not ${typeName(statement.condition.type)}`);
    }
  }

  #expression(expression: Expression, set: ReadonlySet<number>, where: string): void {
    for (const operand of operandsOf(expression)) this.#expression(operand, set, where);
    switch (expression.kind) {
      case "local": {
        const declared = this.#nest.locals[expression.local];
        if (declared === undefined) {
          this.#missing("local", expression.local, where);
          return;
        }
        if (!sameType(declared.type, expression.type)) {
          this.#fault(
            "nest-type",
            where,
            `${declared.name} is ${typeName(declared.type)}, not ${typeName(expression.type)}`,
          );
        }
        if (!set.has(expression.local))
          this.#fault("nest-structure", where, `${declared.name} is used before it is set`);
        return;
      }
      case "scalar":
        if (this.#nest.scalars[expression.scalar]?.type !== expression.type) {
          this.#missing("scalar", expression.scalar, where);
        }
        return;
      case "length":
        if (this.#nest.buffers[expression.buffer] === undefined) this.#missing("buffer", expression.buffer, where);
        return;
      case "load": {
        const declared = this.#nest.buffers[expression.buffer];
        if (declared === undefined) {
          this.#missing("buffer", expression.buffer, where);
          return;
        }
        if (declared.access === "write") this.#fault("nest-structure", where, `${declared.name} is only written`);
        this.#integer(expression.index, where);
        this.#holds(declared, expression.type, expression.mask, where);
        return;
      }
      default: {
        const fault = operatorFault(expression);
        if (fault !== undefined) this.#fault("nest-type", where, fault);
      }
    }
  }

  #limit(limit: Expression, name: string): void {
    const foreign = (expression: Expression): boolean =>
      ["local", "load", "unit", "units", "worker"].includes(expression.kind) || operandsOf(expression).some(foreign);
    if (foreign(limit)) this.#fault("nest-structure", name, "a limit is made of scalars, lengths and constants only");
    else this.#expression(limit, new Set(), name);
    this.#integer(limit, name);
  }

  #assign(local: number, type: Type, where: string): void {
    const declared = this.#nest.locals[local];
    if (declared === undefined) {
      this.#missing("local", local, where);
      return;
    }
    if (!sameType(declared.type, type)) {
      this.#fault("nest-type", where, `${declared.name} is ${typeName(declared.type)}, not ${typeName(type)}`);
    }
  }

  #integer(expression: Expression, where: string): void {
    if (typeof expression.type !== "string" || !isInteger(expression.type)) {
      this.#fault("nest-type", where, `an i32 or i64 belongs here, not ${typeName(expression.type)}`);
    }
  }

  #name(local: number): string {
    return this.#nest.locals[local]?.name ?? `local ${local}`;
  }

  #missing(what: string, place: number, where: string): void {
    this.#fault("nest-structure", where, `there is no such ${what}: ${place}`);
  }

  #fault(code: NestFault["code"], where: string, problem: string): void {
    this.faults.push({ code, where, message: `${where}: ${problem}` });
  }
}
