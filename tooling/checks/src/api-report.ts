import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import type { WorkspacePackage } from "./workspace.ts";

/** Where the reviewed report of a package stands: `packages/tensor/api/tensor.api.md`. */
export function apiReportPath(library: WorkspacePackage): string {
  return join(library.folder, "api", `${basename(library.folder)}.api.md`);
}

/** Everything that a package exports. */
export interface ExtractedApi {
  /** In the form kept in `api/`. */
  readonly report: string;
  /** The same with its doc comments, as API Extractor's document model. */
  readonly model: ApiItem;
}

/** An item of the document model: the package, its entry point, an export, or a member of one. */
export interface ApiItem {
  readonly kind: string;
  readonly name?: string;
  readonly docComment?: string;
  /** The declaration in pieces. */
  readonly excerptTokens?: readonly { readonly text: string }[];
  /** Where it is declared, from the package's folder, in what was built. */
  readonly fileUrlPath?: string;
  readonly members?: readonly ApiItem[];
}

const extracted = new Map<string, ExtractedApi>();

/**
 * Writes down everything a package exports, from the declarations of its last build; once in a process.
 *
 * @throws {Error} if the package has not been built, or its declarations cannot be followed.
 */
export function extractApi(library: WorkspacePackage): ExtractedApi {
  const known = extracted.get(library.path);
  if (known !== undefined) return known;
  const api = runExtractor(library);
  extracted.set(library.path, api);
  return api;
}

function runExtractor(library: WorkspacePackage): ExtractedApi {
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
    const report = readFileSync(join(reportFolder, basename(apiReportPath(library))), "utf8").replaceAll("\r\n", "\n");
    const model = JSON.parse(readFileSync(join(reportFolder, "model.json"), "utf8")) as ApiItem;
    return { report, model };
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
      docModel: { enabled: true, apiJsonFilePath: join(reportFolder, "model.json") },
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
