import { parseJson } from "../read/checked.ts";
import { readRunList } from "../run/run-list.ts";
import type { Source } from "./source.ts";

/** Runs from the server at `base`, the address of the page. */
export function servedSource(base: string): Source {
  const get = async (path: string): Promise<Uint8Array> => {
    const response = await fetch(new URL(path, base), { cache: "no-store" });
    if (!response.ok) throw new Error((await response.text()).trim() || `the server answered ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  };
  return {
    live: true,
    list: async () => readRunList(parseJson(await get("runs.json"), "list of runs")),
    open: (run, view) => get(`view?${new URLSearchParams({ run: run.name, id: view.id })}`),
  };
}
