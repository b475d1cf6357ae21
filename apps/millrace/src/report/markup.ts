/** HTML and SVG text in which every inserted value is escaped unless it is markup itself. */

/** A piece of HTML or SVG that needs no more escaping. */
export interface Markup {
  readonly markup: string;
}

/** What may stand in a template: text and numbers are escaped, markup is taken as it is, lists are joined. */
export type Insertable = string | number | Markup | readonly Insertable[];

/** Template tag: `` html`<p>${text}</p>` ``. */
export function html(texts: TemplateStringsArray, ...values: readonly Insertable[]): Markup {
  return { markup: texts.map((text, at) => text + (at < values.length ? insert(values[at]!) : "")).join("") };
}

/** Declares text to be markup: only for text that was made as such, like a drawing. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** Nothing. */
export const nothing: Markup = { markup: "" };

function insert(value: Insertable): string {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return escaped(value);
  return "markup" in value ? value.markup : value.map(insert).join("");
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => entities[character]!);
}
