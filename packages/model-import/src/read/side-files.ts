/** Files that a model names: found by the caller, checked here. */
import { ModelError } from "../errors.ts";
import type { Place } from "../graph/place.ts";
import type { ByteSource } from "../graph/weight.ts";

/** Opens a file beside the model by its relative name; `undefined` if there is none. */
export type FileFinder = (name: string) => ByteSource | undefined;

/** Looks up files beside a model. */
export class SideFiles {
  readonly #finder: FileFinder | undefined;

  constructor(finder: FileFinder | undefined) {
    this.#finder = finder;
  }

  /** A file, or `undefined` if it was not given. @throws {ModelError} `archive-path` for a name that leaves the folder. */
  tryFind(name: string, place: Place): ByteSource | undefined {
    const path = name.replaceAll("\\", "/");
    if (
      path === "" ||
      path.startsWith("/") ||
      /^[A-Za-z]+:/.test(path) ||
      path.split("/").includes("..") ||
      path.includes("\0")
    ) {
      throw new ModelError("archive-path", `names the file ${JSON.stringify(name)}, which is not beside the model`, {
        place,
        help: "put the file into the model's folder and name it relatively, without ..",
      });
    }
    return this.#finder?.(path);
  }

  /** A file that must be there. @throws {ModelError} `weight-missing` */
  find(name: string, place: Place): ByteSource {
    const source = this.tryFind(name, place);
    if (source !== undefined) return source;
    throw new ModelError("weight-missing", `its weights are in ${name}, which is not there`, {
      place,
      help: "put the file beside the model",
    });
  }
}
