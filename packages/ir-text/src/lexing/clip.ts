const longest = 40;

/** Source text as a message may quote it: cut short where it is long. */
export function clip(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}
