/** Says of a fault in the text of a file which file it was. */
import { TunerError } from "@millrace/baco-tuner";
import { MillraceError } from "../errors.ts";

/** What `read` returns. @throws {MillraceError} `file-kind`, with the file's name, for a `TunerError`. */
export function namingFile<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TunerError)) throw error;
    throw new MillraceError("file-kind", `${name}: ${error.message}`, { cause: error });
  }
}
