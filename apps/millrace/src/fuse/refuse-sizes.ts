import { nearest } from "@millrace/ir-text";
import { MillraceError } from "../errors.ts";
import { enumeration } from "../terminal/wording.ts";

/**
 * Refuses a size by a name that the model has not.
 *
 * @throws {MillraceError} `argument`
 */
export function refuseSizes(sizes: ReadonlyMap<string, number>, open: readonly string[], model: string): void {
  for (const name of sizes.keys()) {
    if (open.includes(name)) continue;
    const near = nearest(name, open);
    const listed = open.length === 0 ? "all its sizes are numbers" : `its open sizes are ${enumeration(open)}`;
    const help = near === undefined ? listed : `did you mean ${near}?`;
    throw new MillraceError("argument", `${model} has no open size ${name}`, { help });
  }
}
