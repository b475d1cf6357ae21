import type { PanelProps } from "../panel.ts";
import type { TextView } from "../view/text.ts";

/** A text as it is: code keeps its lines, words are broken where the page ends. */
export function TextPanel({ document, title }: PanelProps<TextView>) {
  return (
    <section class="text-panel" aria-label={title}>
      {document.language !== undefined && <p class="soft">{document.language}</p>}
      <pre class={document.language === undefined ? "code words" : "code"}>{document.text}</pre>
    </section>
  );
}
