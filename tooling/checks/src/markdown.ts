/** A link or picture in a Markdown text. */
export interface MarkdownLink {
  /** Where it leads, as written. */
  readonly target: string;
  /** Its line, counted from 1. */
  readonly line: number;
}

function withoutCode(markdown: string): string {
  const blank = (text: string) => text.replaceAll(/[^\n]/g, " ");
  return markdown.replaceAll(/^(```|~~~).*?^\1/gms, blank).replaceAll(/`[^`\n]*`/g, blank);
}

/** The links of a Markdown text, those in code left out. */
export function markdownLinks(markdown: string): MarkdownLink[] {
  return withoutCode(markdown)
    .split("\n")
    .flatMap((text, index) =>
      [...text.matchAll(/\]\(([^)\s]+)[^)]*\)/g)].map((match) => ({ target: match[1] ?? "", line: index + 1 })),
    );
}

/** The names by which the headings of a Markdown text can be linked to, as code hosts make them. */
export function headingAnchors(markdown: string): string[] {
  const headings = [...markdown.replaceAll(/^(```|~~~).*?^\1/gms, "").matchAll(/^#+\s+(.*)$/gm)];
  return headings.map((match) =>
    (match[1] ?? "")
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-"),
  );
}

/** The fenced blocks of a Markdown text that are marked with one of `languages`, in order. */
export function fencedBlocks(markdown: string, ...languages: readonly string[]): string[] {
  const fence = new RegExp(`^\`\`\`(?:${languages.join("|")})\\n(.*?)^\`\`\`$`, "gms");
  return [...markdown.matchAll(fence)].map((match) => match[1] ?? "");
}
