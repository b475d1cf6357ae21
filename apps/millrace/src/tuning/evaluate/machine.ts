/** The machine that measurements are made on, as far as they depend on it. */
import { arch, cpus, platform } from "node:os";

/** Its platform and its processor, for the log of a study. */
export function machine(): { readonly platform: string; readonly processor: string } {
  return { platform: `${platform()} ${arch()}`, processor: cpus()[0]?.model.trim() ?? "unknown" };
}
