/** The printed forms of the operations that are modelled. */
import type { MlirAttribute, MlirAttributes, MlirRegion, MlirType } from "./mlir-ast.ts";
import { MlirScanner } from "./mlir-scanner.ts";
import { MlirAliases, MlirTypes } from "./mlir-types.ts";

/** What is read of an operation behind its name. */
export interface Parts {
  operands?: string[];
  attributes?: Record<string, MlirAttribute>;
  regions?: MlirRegion[];
  resultTypes?: MlirType[];
}

/** Rules of the grammar around operations. */
export interface SharedRules {
  readonly region: () => MlirRegion;
  readonly resultTypes: () => MlirType[];
  readonly values: (close: string) => string[];
}

/** What to do about an operation that is not modelled. */
export function wayOut(name: string): string {
  if (/^(func\.)?call$/.test(name)) return "calls are not followed; read the function that is called, by its name";
  if (/^sparse_tensor\.(new|assemble)$/.test(name)) {
    return "make the tensor an argument of the function, and give it as an input";
  }
  return "modelled are linalg on tensors, arith, math, sparse_tensor.{convert,unary,binary,reduce}, and scf.for with memref.load and store";
}

/** Reads operations in the form that MLIR prints. */
export class CustomForms {
  readonly #tokens: MlirScanner;
  readonly #types: MlirTypes;
  readonly #rules: SharedRules;

  constructor(tokens: MlirScanner, types: MlirTypes, rules: SharedRules) {
    this.#tokens = tokens;
    this.#types = types;
    this.#rules = rules;
  }

  /** The parts of an operation behind its name, which is next. */
  parse(name: string): Parts {
    const tokens = this.#tokens;
    const start = tokens.position;
    tokens.take();
    if (name === "arith.constant" || name === "constant") return this.#constant();
    if (name === "tensor.empty") return this.#empty();
    if (name === "scf.for") return this.#for();
    if (name === "linalg.generic") return this.#linalgGeneric();
    if (name.startsWith("linalg.") && name !== "linalg.yield" && name !== "linalg.index") return this.#linalgNamed();
    if (name === "sparse_tensor.binary" || name === "sparse_tensor.unary") return this.#semiring();
    if (name === "bufferization.dealloc_tensor") return this.#plain(name);
    if (/^(arith|math|tensor|memref|linalg|scf|sparse_tensor|llvm)\.[a-z_0-9]+$|^(func\.)?return$/.test(name))
      if (tokens.peek() !== "(") return this.#plain(name);
    tokens.seek(start);
    return tokens.fail(`operation ${name === "" ? "at the end" : `'${name}'`} is not modelled`, wayOut(name));
  }

  // arith.constant 1.0 : f32, arith.constant dense<…> : tensor<…>, arith.constant true
  #constant(): Parts {
    const tokens = this.#tokens;
    if (tokens.peek() === "{") tokens.balanced();
    const value = this.#types.attribute();
    const start = tokens.position;
    if (!tokens.accept(":")) {
      // The type was part of the number.
      const type =
        typeof value === "boolean"
          ? "i1"
          : (/:\s*([a-z]+[0-9]*)\s*$/.exec(tokens.source.text.slice(0, start))?.[1] ?? "i64");
      const inner = new MlirTypes(new MlirScanner({ ...tokens.source, text: type }), new MlirAliases());
      return { attributes: { value }, resultTypes: [inner.type()] };
    }
    return { attributes: { value }, resultTypes: [this.#types.type()] };
  }

  #empty(): Parts {
    const tokens = this.#tokens;
    tokens.expect("(", "after tensor.empty");
    const operands = this.#rules.values(")");
    tokens.expect(":", "before the type");
    return { operands, resultTypes: [this.#types.type()] };
  }

  // scf.for %i = %a to %b step %c iter_args(%x = %y) -> (f32) { … }
  #for(): Parts {
    const tokens = this.#tokens;
    const variable = tokens.take();
    tokens.expect("=", "after the loop variable");
    const operands = [tokens.take()];
    for (const word of ["to", "step"]) {
      tokens.expect(word, "in the loop");
      operands.push(tokens.take());
    }
    const carried: string[] = [];
    if (tokens.accept("iter_args")) {
      tokens.expect("(", "after iter_args");
      while (!tokens.accept(")")) {
        carried.push(tokens.take());
        tokens.expect("=", "after a carried value");
        operands.push(tokens.take());
        tokens.accept(",");
      }
    }
    const resultTypes = tokens.accept("->") ? this.#rules.resultTypes() : [];
    if (tokens.accept(":")) this.#types.type();
    const body = this.#rules.region();
    if (tokens.peek() === "{") tokens.balanced();
    const index: MlirType = { kind: "scalar", dtype: "i64", shape: [], encoding: undefined, text: "index" };
    const given = [
      { name: variable, type: index },
      ...carried.map((name, at) => ({ name, type: resultTypes[at] ?? index })),
    ];
    return { operands, regions: [{ arguments: given, operations: body.operations }], resultTypes };
  }

  #linalgGeneric(): Parts {
    const tokens = this.#tokens;
    const head = this.#types.attribute();
    const attributes: MlirAttributes = typeof head === "object" && !Array.isArray(head) ? (head as MlirAttributes) : {};
    const { operands, counts } = this.#insOuts();
    if (tokens.accept("attrs")) {
      tokens.expect("=", "after attrs");
      this.#types.attribute();
    }
    const body = this.#rules.region();
    const resultTypes = tokens.accept("->") ? this.#rules.resultTypes() : [];
    return { operands, attributes: { ...attributes, operandSegmentSizes: counts }, regions: [body], resultTypes };
  }

  #linalgNamed(): Parts {
    const tokens = this.#tokens;
    const before = tokens.peek() === "{" ? this.#types.attribute() : {};
    const { operands, counts } = this.#insOuts();
    const attributes: Record<string, MlirAttribute> = { ...(before as MlirAttributes), operandSegmentSizes: counts };
    while (["permutation", "dimensions"].includes(tokens.peek())) {
      const key = tokens.take();
      tokens.expect("=", `after ${key}`);
      attributes[key] = this.#types.attribute();
    }
    if (tokens.peek() === "{") tokens.balanced();
    return { operands, attributes, resultTypes: tokens.accept("->") ? this.#rules.resultTypes() : [] };
  }

  #insOuts(): { operands: string[]; counts: number[] } {
    const tokens = this.#tokens;
    const operands: string[] = [];
    const counts = [0, 0];
    for (const [group, word] of ["ins", "outs"].entries()) {
      if (!tokens.accept(word)) continue;
      tokens.expect("(", `after ${word}`);
      while (tokens.peek().startsWith("%")) {
        operands.push(tokens.take());
        counts[group] = (counts[group] ?? 0) + 1;
        tokens.accept(",");
      }
      if (tokens.accept(":")) {
        do this.#types.type();
        while (tokens.accept(","));
      }
      tokens.expect(")", `at the end of ${word}`);
    }
    return { operands, counts };
  }

  // sparse_tensor.binary %a, %b : f32, f32 to f32 overlap = { … } left = {} right = identity
  #semiring(): Parts {
    const tokens = this.#tokens;
    const operands = this.#operandList();
    const resultTypes = this.#typeTail();
    const attributes: Record<string, MlirAttribute> = {};
    const regions: MlirRegion[] = [];
    for (const word of ["overlap", "left", "right", "present", "absent"]) {
      if (!tokens.accept(word)) continue;
      tokens.expect("=", `after ${word}`);
      if (tokens.accept("identity")) attributes[word] = "identity";
      else {
        const region = this.#rules.region();
        attributes[word] = region.operations.length === 0 ? "empty" : regions.length;
        if (region.operations.length > 0) regions.push(region);
      }
    }
    return { operands, attributes, regions, resultTypes };
  }

  #operandList(): string[] {
    const tokens = this.#tokens;
    const operands: string[] = [];
    while (tokens.peek().startsWith("%")) {
      operands.push(tokens.take().replace(/#0$/, ""));
      if (!tokens.accept(",")) break;
    }
    return operands;
  }

  // : type, type to type, or : type -> type, or : type; gives the last group, which is what the operation gives.
  #typeTail(): MlirType[] {
    const tokens = this.#tokens;
    if (!tokens.accept(":")) return [];
    let types = this.#typeList();
    if (tokens.accept("to") || tokens.accept("into") || tokens.accept("->")) types = this.#typeList();
    return types.slice(-1);
  }

  #typeList(): MlirType[] {
    const types = [this.#types.type()];
    while (this.#tokens.accept(",")) types.push(this.#types.type());
    return types;
  }

  // op predicate, %a, %b[%i, %j] [[0, 1]] {attributes} : types { region }
  #plain(name: string): Parts {
    const tokens = this.#tokens;
    const attributes: Record<string, MlirAttribute> = {};
    if (/^(?:[a-z]\w*|"[a-z]\w*")$/.test(tokens.peek())) {
      attributes.predicate = tokens.take().replaceAll('"', "");
      tokens.accept(",");
    } else if (/^\d+$/.test(tokens.peek())) attributes.value = Number(tokens.take());
    const operands = this.#operandList();
    if (tokens.accept("[")) {
      if (tokens.peek().startsWith("%")) operands.push(...this.#rules.values("]"));
      else {
        tokens.seek(tokens.position - 1);
        attributes.indices = this.#types.attribute();
      }
    } else if (tokens.accept(",")) operands.push(...this.#operandList());
    if (tokens.accept("output_shape")) tokens.balanced();
    if (tokens.accept("fastmath")) tokens.balanced();
    if (tokens.peek() === "{" && name !== "sparse_tensor.reduce" && name !== "sparse_tensor.select")
      Object.assign(attributes, tokens.accept("{") ? this.#types.attributes("}") : {});
    const resultTypes = this.#typeTail();
    const regions =
      tokens.peek() === "{" && /reduce|select$/.test(name) && name.startsWith("sparse_tensor")
        ? [this.#rules.region()]
        : [];
    return { operands, attributes, regions, resultTypes };
  }
}
