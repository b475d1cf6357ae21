import type { LogFile } from "../../src/index.ts";

/** A log in memory. */
export class MemoryLog implements LogFile {
  text: string;

  constructor(text = "") {
    this.text = text;
  }

  read(): string {
    return this.text;
  }

  append(text: string): void {
    this.text += text;
  }

  truncate(length: number): void {
    this.text = this.text.slice(0, length);
  }
}
