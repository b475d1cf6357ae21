/** Operations of MLIR: the generic form, and the printed form of the operations that are modelled. */
import type { Source } from "@millrace/ir-text";
import type { BlockArgument, MlirAttributes, MlirFunction, MlirOperation, MlirRegion, MlirType } from "./mlir-ast.ts";
import { CustomForms, type Parts } from "./mlir-custom-forms.ts";
import { MlirFault, MlirScanner } from "./mlir-scanner.ts";
import { MlirAliases, MlirTypes } from "./mlir-types.ts";

/** Reads the functions of a text. */
export class MlirParser {
  readonly tokens: MlirScanner;
  readonly #types: MlirTypes;
  readonly #custom: CustomForms;
  readonly #functions: MlirFunction[] = [];

  constructor(source: Source) {
    this.tokens = new MlirScanner(source);
    this.#types = new MlirTypes(this.tokens, new MlirAliases());
    this.#custom = new CustomForms(this.tokens, this.#types, {
      region: () => this.#region(),
      resultTypes: () => this.#resultTypes(),
      values: (close) => this.#values(close),
    });
  }

  /** All functions; one whose body cannot be read has none, and its fault is in the scanner's bag. */
  functions(): readonly MlirFunction[] {
    const { tokens } = this;
    try {
      while (!tokens.atEnd) this.#top();
    } catch (error) {
      if (!(error instanceof MlirFault)) throw error;
    }
    return this.#functions;
  }

  #top(): void {
    const { tokens } = this;
    const next = tokens.peek();
    if (next.startsWith("#") || next.startsWith("!")) this.#types.alias();
    else if (next === "module") {
      tokens.take();
      if (tokens.peek().startsWith("@")) tokens.take();
      if (tokens.accept("attributes")) tokens.balanced();
      tokens.expect("{", "after module");
      while (!tokens.accept("}")) this.#top();
    } else if (next === "func.func" || next === "func") this.#function();
    else if (next === '"builtin.module"') this.#genericModule();
    else if (next === "{-#") tokens.take();
    else if (next === "{") tokens.balanced();
    else if (next === "llvm.func" || next === "memref.global") this.#skipDeclaration();
    else
      tokens.fail(
        `expected a function, found '${next.slice(0, 30)}'`,
        "a file holds func.func operations, by themselves or in a module",
      );
  }

  #skipDeclaration(): void {
    const { tokens } = this;
    while (
      !tokens.atEnd &&
      !["func.func", "llvm.func", "}", "memref.global"].includes(tokens.take() && tokens.peek())
    ) {
      if (tokens.peek() === "{") tokens.balanced();
    }
  }

  #function(): void {
    const { tokens } = this;
    const start = tokens.position;
    tokens.take();
    if (tokens.peek() === "private" || tokens.peek() === "public") tokens.take();
    const name = tokens.take().slice(1).replace(/"/g, "");
    tokens.expect("(", "before the arguments");
    const given: BlockArgument[] = [];
    while (!tokens.accept(")")) {
      const argument = tokens.peek().startsWith("%") ? tokens.take() : `%arg${given.length}`;
      tokens.accept(":");
      given.push({ name: argument, type: this.#types.type() });
      if (tokens.peek() === "{") tokens.balanced();
      if (!tokens.accept(",") && tokens.peek() !== ")") tokens.fail("expected a comma between the arguments");
    }
    if (tokens.accept("->")) this.#resultTypes();
    if (tokens.accept("attributes")) tokens.balanced();
    const span = tokens.span(start);
    if (tokens.peek() === "{") this.#functions.push({ name, arguments: given, body: this.#body(given), span });
  }

  // A body that cannot be read is passed over, so that other functions of the file can be.
  #body(given: readonly BlockArgument[]): MlirRegion | undefined {
    const { tokens } = this;
    const start = tokens.position;
    try {
      return { arguments: given, operations: this.#region().operations };
    } catch (error) {
      if (!(error instanceof MlirFault)) throw error;
      tokens.seek(start);
      tokens.balanced();
      return undefined;
    }
  }

  #resultTypes(): MlirType[] {
    const { tokens } = this;
    if (!tokens.accept("(")) return [this.#types.type()];
    const types: MlirType[] = [];
    while (!tokens.accept(")")) {
      types.push(this.#types.type());
      if (tokens.peek() === "{") tokens.balanced();
      if (!tokens.accept(",") && tokens.peek() !== ")") tokens.fail("expected a comma between the types");
    }
    return types;
  }

  /** `{ ^bb0(%a: f32): operations }` */
  #region(): MlirRegion {
    return this.tokens.nested(() => {
      const { tokens } = this;
      tokens.expect("{", "before the body");
      const given: BlockArgument[] = [];
      const operations: MlirOperation[] = [];
      while (!tokens.accept("}")) {
        if (tokens.peek().startsWith("^")) {
          if (operations.length > 0)
            tokens.fail("a body of several blocks is not modelled", "print the program before control flow is lowered");
          this.#blockHead(given);
        } else if (tokens.atEnd) tokens.fail("a body is not closed");
        else operations.push(this.#operation());
      }
      return { arguments: given, operations };
    });
  }

  #blockHead(given: BlockArgument[]): void {
    const { tokens } = this;
    tokens.take();
    if (tokens.accept("(")) {
      while (!tokens.accept(")")) {
        const name = tokens.take();
        tokens.expect(":", "after the name of an argument");
        given.push({ name, type: this.#types.type() });
        if (!tokens.accept(",") && tokens.peek() !== ")") tokens.fail("expected a comma between the arguments");
      }
    }
    tokens.expect(":", "after the head of a block");
  }

  #operation(): MlirOperation {
    const { tokens } = this;
    const start = tokens.position;
    const results: string[] = [];
    if (tokens.peek().startsWith("%")) {
      do {
        const name = tokens.take();
        if (tokens.accept(":")) {
          const count = Number(tokens.take());
          for (let index = 0; index < Math.min(count, 1000); index++)
            results.push(index === 0 ? name : `${name}#${index}`);
        } else results.push(name);
      } while (tokens.accept(","));
      tokens.expect("=", "after the results");
    }
    const named = tokens.peek();
    const span = tokens.span(tokens.position, tokens.position + named.length);
    const name = named.startsWith('"') ? named.slice(1, -1) : named;
    const parts = named.startsWith('"') ? this.#generic() : this.#custom.parse(name);
    const { operands = [], attributes = {}, regions = [], resultTypes = [] } = parts;
    return { name, results, operands, attributes, regions, resultTypes, span: { ...span, start } };
  }

  // "name"(%a) <{properties}> ({regions}) {attributes} : (types) -> types
  #generic(): Parts {
    const { tokens } = this;
    tokens.take();
    tokens.expect("(", "after the name of the operation");
    const operands = this.#values(")");
    let attributes: MlirAttributes = {};
    const regions: MlirRegion[] = [];
    if (tokens.accept("<")) {
      tokens.expect("{", "before the properties");
      attributes = this.#types.attributes("}");
      tokens.expect(">", "after the properties");
    }
    if (tokens.accept("(")) {
      do regions.push(this.#region());
      while (tokens.accept(","));
      tokens.expect(")", "after the regions");
    }
    if (tokens.accept("{")) attributes = { ...attributes, ...this.#types.attributes("}") };
    tokens.expect(":", "before the type of the operation");
    tokens.balanced();
    tokens.expect("->", "between the types");
    return { operands, attributes: { ...attributes }, regions, resultTypes: this.#resultTypes() };
  }

  #genericModule(): void {
    const { regions } = this.#operation();
    for (const operation of regions[0]?.operations ?? []) {
      if (operation.name !== "func.func") continue;
      const name = String(operation.attributes.sym_name ?? "main");
      const [body] = operation.regions;
      this.#functions.push({ name, arguments: body?.arguments ?? [], body, span: operation.span });
    }
  }

  #values(close: string): string[] {
    const { tokens } = this;
    const values: string[] = [];
    while (!tokens.accept(close)) {
      const token = tokens.take();
      if (token === "") tokens.fail("operands are not closed");
      if (token.startsWith("%")) values.push(token.replace(/#0$/, ""));
      else if (token !== ",") tokens.fail(`expected a value, found '${token}'`);
    }
    return values;
  }
}
