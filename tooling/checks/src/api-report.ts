import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import type { WorkspacePackage } from "./workspace.ts";

/** Where the reviewed report of a package stands: `packages/tensor/api/tensor.api.md`. */
export function apiReportPath(library: WorkspacePackage): string {
  return join(library.folder, "api", `${basename(library.folder)}.api.md`);
}

/**
 * Writes down everything a package exports, from the declarations of its last build, in the form kept in `api/`.
 *
 * @throws {Error} if the package has not been built, or its declarations cannot be followed.
 */
export function extractApi(library: WorkspacePackage): string {
  const entry = join(library.folder, "dist", "index.d.ts");
  if (!existsSync(entry)) throw new Error(`${library.path} has not been built: there is no ${entry}`);
  const reportFolder = mkdtempSync(join(tmpdir(), "millrace-api-"));
  try {
    const faults: string[] = [];
    const result = Extractor.invoke(configuration(library, entry, reportFolder), {
      localBuild: true,
      showVerboseMessages: false,
      messageCallback(message) {
        if (message.logLevel === ExtractorLogLevel.Error) faults.push(message.text);
        message.handled = true;
      },
    });
    if (!result.succeeded) throw new Error(`no API report for ${library.path}:\n${faults.join("\n")}`);
    return readFileSync(join(reportFolder, basename(apiReportPath(library))), "utf8").replaceAll("\r\n", "\n");
  } finally {
    rmSync(reportFolder, { recursive: true });
  }
}

function configuration(library: WorkspacePackage, entry: string, reportFolder: string): ExtractorConfig {
  return ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(library.folder, "package.json"),
    configObject: {
      projectFolder: library.folder,
      mainEntryPointFilePath: entry,
      newlineKind: "lf",
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            target: "es2023",
            lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
            module: "nodenext",
            strict: true,
            skipLibCheck: true,
            types: [],
          },
          files: [entry],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: basename(apiReportPath(library)),
        reportFolder,
        reportTempFolder: join(reportFolder, "temp"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
        // Docstrings follow the house style rather than TSDoc's release tags; Biome and review look after them.
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.None },
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  });
}
