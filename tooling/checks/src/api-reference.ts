/**
 * The reference of a package: every export with its declaration and its doc comment, as one page of Markdown.
 *
 * TypeDoc does not run on this TypeScript, and API Documenter writes a file for every member; the document model that the
 * API reports come from has all that a page needs.
 */
import type { ApiItem } from "./api-report.ts";
import type { WorkspacePackage } from "./workspace.ts";

const groups: readonly (readonly [string, readonly string[]])[] = [
  ["Functions", ["Function"]],
  ["Classes", ["Class"]],
  ["Types", ["Interface", "TypeAlias"]],
  ["Constants", ["Variable"]],
];

/** The reference of one package. */
export function referencePage({ manifest, path }: WorkspacePackage, model: ApiItem): string {
  const exported = (model.members ?? []).flatMap(({ members = [] }) => members);
  const sections = groups.flatMap(([title, kinds]) => {
    const items = exported.filter(({ kind }) => kinds.includes(kind));
    return items.length === 0 ? [] : [`## ${title}`, ...items.map((item) => exportText(item, path))];
  });
  return `${[`# ${manifest.name}`, `What it exports. Its [README](../../${path}/README.md) says what it is for.`, ...sections].join("\n\n")}\n`;
}

function exportText(item: ApiItem, path: string): string {
  const { name = "", fileUrlPath = "", members = [] } = item;
  const source = fileUrlPath.replace(/^dist\//, "src/").replace(/\.d\.ts$/, ".ts");
  const place = source === "" ? [] : [`Declared in [${source}](../../${path}/${source}).`];
  return [`### ${name}`, fenced(declaration(item)), proseOf(item), ...membersText(members), ...place]
    .filter((part) => part !== "")
    .join("\n\n");
}

function declaration({ excerptTokens = [] }: ApiItem): string {
  return excerptTokens
    .map(({ text }) => text)
    .join("")
    .replace(/^export (?:declare )?/, "")
    .trim();
}

function membersText(members: readonly ApiItem[]): string[] {
  if (members.length === 0) return [];
  const lines = members.map((member) => {
    const prose = proseOf(member).replaceAll(/\n+/g, "\n  ");
    return `- \`${declaration(member).replaceAll(/\s+/g, " ").replace(/;$/, "")}\`${prose === "" ? "" : `: ${prose}`}`;
  });
  return [lines.join("\n")];
}

const fenced = (code: string): string => `\`\`\`ts\n${code}\n\`\`\``;

/** A doc comment as Markdown: links as names, faults and examples under words of their own. */
function proseOf({ docComment = "" }: ApiItem): string {
  const text = docComment
    .replace(/^\/\*\*/, "")
    .replace(/\*\/\s*$/, "")
    .replaceAll(/^[ \t]*\* ?/gm, "")
    .replaceAll(/\{@link ([^}|]+?)(?:\s*\|[^}]*)?\}/g, "`$1`");
  const [meaning = "", ...tags] = text.split(/^@(?=\w)/m);
  return [meaning.trim(), ...tags.map(tagText)].filter((part) => part !== "").join("\n\n");
}

function tagText(tag: string): string {
  const [, name = "", rest = ""] = /^(\w+)\s*([\s\S]*)$/.exec(tag.trim()) ?? [];
  const text = rest.trim();
  if (name === "example") return text.startsWith("```") ? text : fenced(text);
  if (name === "throws") return `Throws ${text.replace(/^\{(\w+)\}/, "`$1`")}`;
  if (name === "param") return text.replace(/^(\w+)\s*(?:-\s*)?/, "`$1`: ");
  if (name === "returns") return `Gives ${text}`;
  return name === "internal" ? "Not for use outside the package." : text;
}
