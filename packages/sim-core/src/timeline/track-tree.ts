import type { Track } from "./perfetto-writer.ts";

/** The lines of a timeline: nodes nested by the slashes in their ids, then channels, in the order of asking. */
export class TrackTree {
  readonly tracks: Track[] = [];
  readonly #byPath = new Map<string, number>();
  readonly #children = new Map<number, number>();

  /** `title` heads all tracks; without one, they are in cycles. */
  constructor(title?: string) {
    const cycles = "Simulated time: one cycle is written as one nanosecond.";
    const description = title === undefined ? cycles : "Simulated time, in nanoseconds.";
    this.#open("", 0, { name: title ?? "simulation (1 cycle = 1 ns)", process: true, description });
  }

  /** The track of a node, or of a group of nodes. */
  node(id: string): number {
    return this.#path("nodes", id);
  }

  /** The counter track of a channel. */
  channel(id: string): number {
    return this.counter(this.#path("channels", ""), id, "tokens");
  }

  /** A counter track under another track. */
  counter(parent: number, name: string, unit: string): number {
    return this.#open(`${parent} ${name}`, parent, { name, unit });
  }

  #path(root: string, id: string): number {
    let parent = this.#open(`/${root}`, 1, { name: root });
    let path = `/${root}`;
    for (const name of id.split("/")) {
      path += `/${name}`;
      if (name !== "") parent = this.#open(path, parent, { name });
    }
    return parent;
  }

  #open(path: string, parent: number, track: Omit<Track, "uuid" | "parent" | "rank">): number {
    const known = this.#byPath.get(path);
    if (known !== undefined) return known;
    const uuid = this.tracks.length + 1;
    const rank = this.#children.get(parent) ?? 0;
    this.#children.set(parent, rank + 1);
    this.#byPath.set(path, uuid);
    this.tracks.push({ uuid, parent, rank, ...track });
    return uuid;
  }
}
