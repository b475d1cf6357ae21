/** Brings operators that write into an operand to pure ones: later uses of the operand mean the result. */

import { ModelError } from "../../errors.ts";
import type { Attribute } from "../../graph/model-graph.ts";
import type { Place } from "../../graph/place.ts";
import { isValue } from "./torch-call.ts";

// Operators whose result shares memory with their first operand.
const views = new Set(
  [
    "view",
    "reshape",
    "_unsafe_view",
    "t",
    "transpose",
    "permute",
    "expand",
    "expand_as",
    "select",
    "slice",
    "squeeze",
  ].concat([
    "unsqueeze",
    "narrow",
    "flatten",
    "unflatten",
    "unbind",
    "split",
    "diagonal",
    "alias",
    "detach",
    "contiguous",
  ]),
);

/** Which value a name stands for at the present point of the program. */
export class InPlaceNames {
  readonly #current = new Map<string, string>();
  /** The tensor whose memory a view shows. */
  readonly #base = new Map<string, string>();
  /** Tensors that were written through another name, and where; reading them now would give the old values. */
  readonly #stale = new Map<string, Place>();

  /** An argument with every name replaced by what it stands for. @throws {ModelError} `operator-arguments` */
  resolve(argument: Attribute, place: Place): Attribute {
    if (isValue(argument)) return { value: this.#nameOf(argument.value, place) };
    return Array.isArray(argument) ? argument.map((item: Attribute) => this.resolve(item, place)) : argument;
  }

  #nameOf(name: string, place: Place): string {
    if (this.#stale.has(name)) {
      throw new ModelError("operator-arguments", `reads ${name} after a view of it was written in place`, {
        place,
        help: "call run_decompositions() on the exported program: it turns in-place writes into pure operators",
      });
    }
    return this.#current.get(name) ?? name;
  }

  /** Notes a call: `first` is its first operand as the file names it. */
  note(
    call: { readonly target: string; readonly inPlace: boolean; readonly place: Place },
    first: string,
    output: string,
  ): void {
    const name = call.target.split(".")[1] ?? "";
    if (views.has(name)) this.#base.set(output, this.#root(first));
    if (!call.inPlace) return;
    const root = this.#root(first);
    for (const view of [...this.#base.keys(), root]) {
      if (view !== first && view !== output && this.#root(view) === root) this.#stale.set(view, call.place);
    }
    this.#current.set(first, output);
    if (output !== first) this.#current.delete(output);
  }

  #root(name: string): string {
    return this.#base.get(name) ?? name;
  }
}
