// node packages/repository/scripts/generate.ts, after a build: writes the files that are generated of the adapters and of the
// conformance suite, and the snapshots of
// every published package's API. Read the diff: a change of a snapshot is a change that users see.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { adapterFiles } from "./adapter-files.ts";
import { apiFiles } from "./api-files.ts";
import { conformancePages } from "./conformance-pages.ts";

const root = join(import.meta.dirname, "..", "..", "..");
for (const [file, text] of [...(await adapterFiles()), ...(await conformancePages()), ...apiFiles()]) {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  console.log(file);
}
