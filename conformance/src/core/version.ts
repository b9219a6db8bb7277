import { readFileSync } from "node:fs";

export const suiteName = "@tributary/conformance";

/** When the specification was written that the clauses speak of. */
export const specificationDate = "2026-11-22";

/** The version of the suite. */
export function suiteVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  const manifest: { readonly version: string } = JSON.parse(text);
  return manifest.version;
}
