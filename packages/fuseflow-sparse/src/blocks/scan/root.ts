import type { Progress } from "@millrace/sim-core";
import { Block } from "../block.ts";
import { DATA, DONE } from "../token.ts";

/** The source of a tensor: reference 0 of its first level, then the end. Output: ref. */
export class Root extends Block {
  fire(): Progress {
    // A token is readable a cycle after it was written; profiles whose roots are there at once write a cycle earlier.
    const first = this.timing.rootLatency - 1;
    const port = this.ports[0]!;
    port.put(first, 0, DATA);
    port.put(first + 1, 0, DONE);
    this.clock = 2;
    return this.finish();
  }
}
