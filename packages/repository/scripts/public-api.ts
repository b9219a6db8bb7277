import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

interface Manifest {
  readonly name: string;
  readonly exports?: Readonly<Record<string, string | { readonly types?: string }>>;
}

/**
 * A package's public API as text: the declarations that its entries reach, comments left out, file by file. Of a built package; a
 * change of it is a change that users see, so it is kept and reviewed.
 */
export function publicApi(folder: string): string {
  const { name, exports = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  const entries = Object.entries(exports).flatMap(([key, target]) =>
    typeof target === "object" && target.types !== undefined ? [{ key, file: join(folder, target.types) }] : [],
  );
  const reached = new Map<string, string>();
  const follow = (file: string): void => {
    if (reached.has(file) || !existsSync(file)) return;
    const text = declarations(readFileSync(file, "utf8"));
    reached.set(file, text);
    for (const [, target] of text.matchAll(/from "(\.[^"]+)"|import\("(\.[^"]+)"\)/g)) {
      if (target !== undefined) follow(join(dirname(file), target.replace(/\.(?:js|ts)$/, ".d.ts")));
    }
  };
  for (const { file } of entries) follow(file);
  const files = [...reached]
    .map(([file, text]) => ({ path: relative(join(folder, "dist"), file), text }))
    .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const heads = entries.map(({ key, file }) => `${key} -> ${relative(join(folder, "dist"), file)}`);
  return `${name}\n${heads.join("\n")}\n\n${files.map(({ path, text }) => `== ${path}\n${text}`).join("\n")}`;
}

/** Declarations without comments, blank lines and the pointer to their map. */
function declarations(text: string): string {
  return text
    .replaceAll(/\/\*\*?[^]*?\*\//g, "")
    .replaceAll(/^\s*\/\/.*$/gm, "")
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .map((line) => `${line}\n`)
    .join("");
}
