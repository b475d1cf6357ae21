/** What is printed below a graph: which arguments are parameters, which results are outputs, the ranges of symbols. */
import type { TokenStream } from "@millrace/ir-text";

/** The signature of a printed graph; empty where there is none. */
export interface Signature {
  /** Parameters and buffers by argument: what the model calls them. */
  readonly params: ReadonlyMap<string, string>;
  /** Results that are no outputs of the model, such as changed buffers. */
  readonly notOutputs: ReadonlySet<string>;
  readonly ranges: ReadonlyMap<string, { readonly minimum: number | undefined; readonly maximum: number | undefined }>;
}

const constants = new Set(["PARAMETER", "BUFFER", "CONSTANT_TENSOR"]);

/** Reads to the end of the text. */
export function readSignature(tokens: TokenStream): Signature {
  const params = new Map<string, string>();
  const notOutputs = new Set<string>();
  const ranges = new Map<string, { minimum: number | undefined; maximum: number | undefined }>();
  while (!tokens.atEnd) {
    const first = tokens.take();
    if (first.kind !== "identifier" || !tokens.accept(":")) continue;
    const kind = tokens.take();
    if (kind.text === "VR") {
      tokens.accept("[");
      const minimum = bound(tokens);
      tokens.accept(",");
      ranges.set(first.text, { minimum, maximum: bound(tokens) });
    } else if (constants.has(kind.text)) params.set(first.text, target(tokens) ?? first.text);
    else if (kind.text !== "USER_OUTPUT" && kind.text !== "USER_INPUT" && kind.kind === "identifier")
      notOutputs.add(first.text);
  }
  return { params, notOutputs, ranges };
}

function target(tokens: TokenStream): string | undefined {
  if (tokens.peek().text !== "target") return undefined;
  tokens.take();
  tokens.accept("=");
  const name = tokens.take();
  return name.kind === "string" ? name.value : undefined;
}

function bound(tokens: TokenStream): number | undefined {
  const sign = tokens.accept("-") === undefined ? 1 : -1;
  const token = tokens.take();
  return token.kind === "integer" ? sign * token.value : undefined;
}
