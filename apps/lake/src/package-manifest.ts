import { readFileSync } from "node:fs";

/** What the lake's package says of itself. */
export const packageManifest: { readonly version: string; readonly engines: { readonly node: string } } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
);
