/** Texts of programs read from front to back: blanks and comments are skipped, and faults are located. */
import { DiagnosticBag, type Source } from "@millrace/ir-text";

/** A place in a text, and what can be read from there on. */
export class TextCursor {
  readonly source: Source;
  #at = 0;

  constructor(source: Source) {
    this.source = source;
  }

  /** @throws {DiagnosticError} always, at `start` */
  fail(message: string, start: number = this.#at): never {
    const bag = new DiagnosticBag();
    const end = Math.min(this.source.text.length, start + 1);
    bag.report({ severity: "error", code: "syntax", message, span: { source: this.source, start, end } });
    bag.throwIfFailed();
    throw new Error("unreachable");
  }

  end(): void {
    if (this.skip() < this.source.text.length) this.fail("expected the end");
  }

  /** Goes to what comes next, and says where that is. */
  skip(): number {
    const pattern = /(?:\s+|\/\/[^\n]*)*/y;
    pattern.lastIndex = this.#at;
    this.#at += pattern.exec(this.source.text)?.[0].length ?? 0;
    return this.#at;
  }

  /** What a sticky pattern finds next. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.skip();
    const found = pattern.exec(this.source.text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  peek(text: string): boolean {
    return this.source.text.startsWith(text, this.skip());
  }

  accept(text: string): boolean {
    if (!this.peek(text)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`expected ${text}`);
  }

  string(what: string): string {
    const text = this.match(/"[^"\n]*"/y) ?? this.fail(`expected ${what}`);
    return text.slice(1, -1);
  }

  valueName(): string {
    return this.match(/%[\w$.-]+/y) ?? this.fail("expected a value such as %0");
  }

  type(): string {
    const head = this.match(/!?[A-Za-z_][\w.]*/y) ?? this.fail("expected a type");
    const { text } = this.source;
    if (text[this.#at] !== "<") return head;
    const start = this.#at;
    let depth = 0;
    for (; this.#at < text.length; this.#at++) {
      const character = text[this.#at];
      if (character === "<") depth += 1;
      if (character === ">") depth -= 1;
      if (character === "\n" || depth === 0) break;
    }
    if (depth !== 0) this.fail("this < has no >", start);
    this.#at += 1;
    return head + text.slice(start, this.#at).replaceAll(" ", "");
  }

  typeList(): string[] {
    const types: string[] = [];
    this.expect("(");
    if (this.accept(")")) return types;
    do types.push(this.type());
    while (this.accept(","));
    this.expect(")");
    return types;
  }
}
