import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, trackedFiles } from "./workspace.ts";

/** A fenced or indented block of code. */
export interface CodeBlock {
  /** Of its first line of code, from 1. */
  readonly line: number;
  /** Empty for an indented block. */
  readonly language: string;
  readonly text: string;
}

export interface Document {
  /** Relative to the root. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly CodeBlock[];
  /** The text with its blocks left out, line by line. */
  readonly prose: string;
}

/** Every Markdown file that git tracks or would track, fixtures and change notes aside. */
export function documents(): readonly Document[] {
  return trackedFiles()
    .filter((file) => file.endsWith(".md") && !/^\.changeset\/|(^|\/)(fixtures|CHANGELOG\.md)/.test(file))
    .map((path) => parseDocument(path, readFileSync(join(root, path), "utf8")));
}

export function parseDocument(path: string, text: string): Document {
  const blocks: CodeBlock[] = [];
  const prose: string[] = [];
  let open: { readonly fence: string; readonly language: string; readonly line: number } | undefined;
  let held: string[] = [];
  let indentedFrom = 0;
  const closeIndented = () => {
    if (indentedFrom > 0) blocks.push({ line: indentedFrom, language: "", text: held.join("\n") });
    indentedFrom = 0;
    held = [];
  };
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    if (open !== undefined) {
      if (line.trim() === open.fence) {
        blocks.push({ line: open.line, language: open.language, text: held.join("\n") });
        open = undefined;
        held = [];
      } else held.push(line);
      continue;
    }
    const fence = /^(`{3,})([\w-]*)/.exec(line);
    const isIndented = line.startsWith("    ") && (indentedFrom > 0 || (lines[index - 1] ?? "").trim() === "");
    if (isIndented) {
      if (indentedFrom === 0) indentedFrom = index + 1;
      held.push(line.slice(4));
      continue;
    }
    closeIndented();
    if (fence !== null) open = { fence: fence[1]!, language: fence[2]!, line: index + 2 };
    else prose.push(line);
  }
  closeIndented();
  return { path, text, blocks, prose: prose.join("\n") };
}

/** The commands of a block: continuation lines joined, comments and prompts left out. */
export function commandsOf(block: CodeBlock): readonly string[] {
  return block.text
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .map((line) =>
      line
        .trim()
        .replace(/^\$ /, "")
        .replace(/\s+#.*$/, ""),
    )
    .filter((line) => line !== "" && !line.startsWith("#"));
}

/** Text between single backticks. */
export function inlineCode(document: Document): readonly string[] {
  return [...document.prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchors(document: Document): readonly string[] {
  return [...document.prose.matchAll(/^#{1,6} +(.+)$/gm)].map((match) =>
    match[1]!
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .trim()
      .replaceAll(" ", "-"),
  );
}
