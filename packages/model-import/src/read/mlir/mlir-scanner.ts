/** Tokens of MLIR text, with places; the parser decides what a mark means. */
import { DiagnosticBag, DiagnosticError, type Source, type Span } from "@millrace/ir-text";

const pattern =
  /"(?:[^"\\\n]|\\.)*"|->|::|[%^][\w$.-]+(?:#\d+)?|@(?:[\w$.-]+|"[^"\n]*")|[#!][A-Za-z_][\w$.]*|0x[0-9a-fA-F]+|\d+\.\d*(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?|[A-Za-z_][\w$.]*|[^\s]/y;
const space = /(?:\s|\/\/[^\n]*)*/y;
const shapePart = /(\?|\d+)x/y;
const deepest = 200;

/** A fault that ends the reading of the present function. */
export class MlirFault extends Error {}

/** Reads tokens of one text from front to back. */
export class MlirScanner {
  readonly source: Source;
  readonly bag: DiagnosticBag = new DiagnosticBag();
  #at = 0;
  #depth = 0;

  constructor(source: Source) {
    this.source = source;
  }

  get position(): number {
    this.#skip();
    return this.#at;
  }

  /** Goes back to an earlier position. */
  seek(position: number): void {
    this.#at = position;
  }

  get atEnd(): boolean {
    return this.position >= this.source.text.length;
  }

  /** The next token, which stays; "" at the end. */
  peek(): string {
    pattern.lastIndex = this.position;
    return pattern.exec(this.source.text)?.[0] ?? "";
  }

  take(): string {
    const token = this.peek();
    this.#at += token.length;
    return token;
  }

  /** Takes the next token if it is `text`. */
  accept(text: string): boolean {
    if (this.peek() !== text) return false;
    this.#at += text.length;
    return true;
  }

  /** Takes `text`, or reports that it is missing. */
  expect(text: string, where: string): void {
    if (!this.accept(text)) this.fail(`expected '${text}' ${where}, found '${this.peek().slice(0, 30)}'`);
  }

  /** Extents in front of an element type: `12x?x`. */
  extents(): (number | "?")[] {
    const result: (number | "?")[] = [];
    this.#skip();
    for (;;) {
      shapePart.lastIndex = this.#at;
      const part = shapePart.exec(this.source.text);
      if (part === null) return result;
      result.push(part[1] === "?" ? "?" : Number(part[1]));
      this.#at += part[0].length;
    }
  }

  /** Text between brackets that nest, the opening one being next; for what is not looked into. */
  balanced(): string {
    const start = this.position;
    const closers: string[] = [];
    do {
      const token = this.take();
      if (token === "") this.fail("a bracket is not closed");
      const close = { "(": ")", "[": "]", "{": "}", "<": ">" }[token];
      if (close !== undefined) closers.push(close);
      else if (token === closers[closers.length - 1]) closers.pop();
    } while (closers.length > 0);
    return this.source.text.slice(start, this.#at);
  }

  /** Runs a rule one level deeper; too deep a text is refused. */
  nested<T>(rule: () => T): T {
    if (++this.#depth > deepest) this.fail(`regions nest more than ${deepest} deep`);
    try {
      return rule();
    } finally {
      this.#depth--;
    }
  }

  span(start: number, end: number = this.#at): Span {
    return { source: this.source, start, end: Math.max(end, start) };
  }

  /** Reports a fault at the next token and gives up the present function. */
  fail(message: string, help?: string): never {
    const start = Math.min(this.position, this.source.text.length);
    this.failAt(this.span(start, start + this.peek().length), message, help);
  }

  /** Reports a fault at a place and gives up the present function. */
  failAt(span: Span, message: string, help?: string): never {
    this.bag.report({ severity: "error", code: "mlir", message, span, ...(help === undefined ? {} : { help }) });
    throw new MlirFault(message);
  }

  /** The error that holds everything reported so far. */
  get error(): DiagnosticError {
    return new DiagnosticError(this.bag.diagnostics);
  }

  #skip(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.source.text)?.[0].length ?? 0;
  }
}
