import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** The repository's root folder. */
export const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");

export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: unknown;
  readonly files?: readonly string[];
  readonly engines?: Readonly<Record<string, string>>;
  readonly repository?: { readonly directory?: string };
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

export interface Package {
  /** Relative to the root, for instance `packages/adapters/okta`. */
  readonly path: string;
  readonly manifest: Manifest;
  readonly sources: readonly string[];
  readonly tests: readonly string[];
}

export interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** Files that git tracks or would track: nothing that is ignored. */
export function trackedFiles(): readonly string[] {
  const options = { cwd: root, encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], options);
  return listed.split("\n").filter((file) => file !== "" && existsSync(join(root, file)));
}

export function packages(): readonly Package[] {
  const files = trackedFiles();
  return files
    .filter((file) => /^(packages|apps|conformance)(\/[^/]+)*\/package\.json$/.test(file) && !file.includes("/test/"))
    .filter((file) => !file.includes("/fixtures/") && !file.includes("/template"))
    .map((file) => {
      const path = dirname(file);
      const under = (folder: string) =>
        files.filter((other) => other.startsWith(`${path}/${folder}/`) && /\.(ts|tsx|mts)$/.test(other));
      return {
        path,
        manifest: JSON.parse(readFileSync(join(root, file), "utf8")) as Manifest,
        sources: under("src"),
        tests: [...under("test"), ...under("test-heavy"), ...under("bench")],
      };
    });
}

/** Every import, export-from and dynamic import of a file with a literal specifier. */
export function importsOf(file: string): readonly Import[] {
  const parsed = parseSync(file, readFileSync(join(root, file), "utf8")).module;
  const found: Import[] = [];
  for (const item of parsed.staticImports)
    found.push({
      file,
      specifier: item.moduleRequest.value,
      typeOnly: item.entries.length > 0 && item.entries.every((entry) => entry.isType),
    });
  for (const item of parsed.staticExports)
    for (const entry of item.entries)
      if (entry.moduleRequest) found.push({ file, specifier: entry.moduleRequest.value, typeOnly: entry.isType });
  const text = readFileSync(join(root, file), "utf8");
  for (const item of parsed.dynamicImports) {
    const source = text.slice(item.moduleRequest.start, item.moduleRequest.end);
    if (/^(["'])[^"'`$]+\1$/.test(source)) found.push({ file, specifier: source.slice(1, -1), typeOnly: false });
  }
  return found;
}

/** The package a bare specifier names; undefined for relative, `node:` and `#` ones. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|\/|#|node:)/.test(specifier) || builtinModules.includes(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}
