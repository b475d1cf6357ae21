import { html, type Markup, trusted } from "./markup.ts";
import { style } from "./style.ts";

/** A whole report: one file without scripts or links to load, so that it opens from disk, prints and can be mailed. */
export function reportPage(title: string, body: readonly Markup[]): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
${body}
</body>
</html>
`;
  return page.markup;
}

/** One column of a table in a report. */
export interface ReportColumn {
  readonly heading: string;
  /** Numbers keep right. */
  readonly numeric?: boolean;
}

/** A table that scrolls sideways where the page is too narrow for it. */
export function reportTable(columns: readonly ReportColumn[], rows: readonly (readonly (string | Markup)[])[]): Markup {
  const shape = (at: number): Markup => (columns[at]?.numeric ? trusted(' class="number"') : trusted(""));
  const head = columns.map((column, at) => html`<th${shape(at)}>${column.heading}</th>`);
  const body = rows.map((row) => html`<tr>${row.map((cell, at) => html`<td${shape(at)}>${cell}</td>`)}</tr>\n`);
  return html`<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>
${body}</tbody></table></div>`;
}
