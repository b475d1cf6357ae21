/** The TypeScript blocks of a Markdown text, in order. */
export function typescriptBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^```(?:ts|typescript)\n(.*?)^```$/gms)].map((match) => match[1] ?? "");
}
