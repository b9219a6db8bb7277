import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { documents, type Document } from "./documents.ts";
import { packages, root } from "./workspace.ts";

/** A written block of TypeScript. */
export interface Snippet {
  /** Path of the written file. */
  readonly file: string;
  /** Where the text stands: `README.md:12`. */
  readonly origin: string;
}

/**
 * Writes every ```ts block of every document to a file of its own. A block whose first line is a comment that names a file
 * (`// src/index.ts`) gets that name, so that the blocks of one document can import each other. The files of a document go into the
 * ignored folder `.snippets` of its package, where its imports resolve; guides go into an adapter's package, which has all
 * that an adapter needs.
 */
export function writeSnippets(run: string): readonly Snippet[] {
  const homes = packages().map((one) => one.path);
  return documents().flatMap((document) => {
    const home = homes
      .filter((path) => document.path.startsWith(`${path}/`))
      .toSorted((a, b) => b.length - a.length)[0];
    const folder = join(root, home === undefined || home === "apps/docs" ? guideHome : home, ".snippets", run);
    return writeBlocks(document, join(folder, document.path.replaceAll(/[^\w]+/g, "-")));
  });
}

/** Where the snippets of documents go that belong to no package. */
export const guideHome = "packages/adapters/okta";

function writeBlocks(document: Document, folder: string): readonly Snippet[] {
  const blocks = document.blocks.filter(({ language }) => /^(ts|typescript)$/.test(language));
  return blocks.map(({ text, line }, index) => {
    const named = /^\/\/ ([\w./-]+\.ts)\n/.exec(text)?.[1];
    const file = join(folder, named ?? `block-${index + 1}.ts`);
    mkdirSync(dirname(file), { recursive: true });
    // The last line makes a module of a block that neither imports nor exports.
    writeFileSync(file, `${text}\nexport {};\n`);
    return { file, origin: `${document.path}:${line}` };
  });
}

export function removeSnippets(snippets: readonly Snippet[], run: string): void {
  for (const { file } of snippets) {
    const folder = join(file.slice(0, file.indexOf(`.snippets/${run}`)), ".snippets");
    rmSync(join(folder, run), { recursive: true, force: true });
    // Another run may be at work in the folder.
    if (existsSync(folder) && readdirSync(folder).length === 0) rmSync(folder, { recursive: true, force: true });
  }
}
