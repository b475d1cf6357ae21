import { nearest, type TokenStream } from "@millrace/ir-text";
import type { AttributeKind, Attributes, AttributeValue } from "../program/attributes.ts";
import type { Operator } from "../program/operator.ts";
import { parseElement, parseShape, type TypeContext } from "./parse-extent.ts";

/** attributes := "{" (name "=" value ("," name "=" value)*)? "}"; what a value looks like depends on the attribute. */
export function parseAttributes(tokens: TokenStream, operator: Operator, context: TypeContext): Attributes | undefined {
  const attributes: Record<string, AttributeValue> = {};
  tokens.take();
  skipLines(tokens);
  while (!tokens.at("}")) {
    const name = tokens.expectKind("identifier", "the name of an attribute, or '}'");
    if (name === undefined) return undefined;
    const spec = Object.hasOwn(operator.attributes, name.text) ? operator.attributes[name.text] : undefined;
    const fault = (code: string, message: string, help?: string): undefined => {
      context.bag.report({
        severity: "error",
        code,
        message,
        span: name.span,
        ...(help === undefined ? {} : { help }),
      });
    };
    if (spec === undefined) {
      const close = nearest(name.text, Object.keys(operator.attributes));
      const known = Object.keys(operator.attributes).join(", ") || "none";
      const help = close === undefined ? `attributes of ${operator.name}: ${known}` : `did you mean '${close}'?`;
      return fault("attribute-unknown", `${operator.name} has no attribute '${name.text}'`, help);
    }
    if (Object.hasOwn(attributes, name.text)) return fault("attribute-twice", `'${name.text}' is given twice`);
    if (tokens.expect("=", "after the name of the attribute") === undefined) return undefined;
    const value = parseValue(tokens, spec.kind, context);
    if (value === undefined) return undefined;
    attributes[name.text] = value;
    skipLines(tokens);
    if (tokens.accept(",") === undefined) break;
    skipLines(tokens);
  }
  return tokens.expect("}", "to close the attributes") === undefined ? undefined : attributes;
}

function parseValue(tokens: TokenStream, kind: AttributeKind, context: TypeContext): AttributeValue | undefined {
  switch (kind) {
    case "integer":
      return parseInteger(tokens);
    case "number":
      return parseNumber(tokens);
    case "boolean": {
      const word = tokens.expectWord(["true", "false"], "true or false");
      return word === undefined ? undefined : word === "true";
    }
    case "word":
    case "function": {
      const token = tokens.peek();
      if (token.kind === "string") {
        tokens.take();
        return token.value;
      }
      return tokens.expectKind("identifier", "a word")?.text;
    }
    case "integers":
      return parseIntegers(tokens);
    case "shape":
      return parseShape(tokens, context);
    case "element":
      return parseElement(tokens, context);
  }
}

function parseInteger(tokens: TokenStream): number | undefined {
  const minus = tokens.accept("-") !== undefined;
  const integer = tokens.expectInteger("an integer");
  return integer === undefined ? undefined : minus ? -integer.value : integer.value;
}

function parseNumber(tokens: TokenStream): number | undefined {
  const minus = tokens.accept("-") !== undefined;
  const token = tokens.peek();
  if (token.kind !== "integer" && token.kind !== "float") {
    tokens.unexpected("a number");
    return undefined;
  }
  tokens.take();
  return minus ? -token.value : token.value;
}

function parseIntegers(tokens: TokenStream): readonly number[] | undefined {
  if (tokens.expect("[", "to open a list of integers") === undefined) return undefined;
  const list: number[] = [];
  while (!tokens.at("]")) {
    const integer = parseInteger(tokens);
    if (integer === undefined) return undefined;
    list.push(integer);
    if (tokens.accept(",") === undefined) break;
  }
  return tokens.expect("]", "to close the list") === undefined ? undefined : list;
}

function skipLines(tokens: TokenStream): void {
  while (tokens.atKind("newline")) tokens.take();
}
