import { fileKey, readIsland } from "./island.ts";
import type { Source } from "./source.ts";

/** Runs that stand in the page itself; `text` is what its island holds. */
export function inlinedSource(text: string): Source {
  const island = expand(text.trim()).then(readIsland);
  return {
    live: false,
    list: async () => (await island).list,
    async open(run, view) {
      const file = (await island).files[fileKey(run.name, view.id)];
      if (file === undefined) throw new Error(`this page was exported without the file of ${view.id} of ${run.name}`);
      return fromBase64(file);
    },
  };
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

async function expand(text: string): Promise<Uint8Array> {
  const stream = new Blob([fromBase64(text)]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
