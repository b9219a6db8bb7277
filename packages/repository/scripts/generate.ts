// node packages/repository/scripts/generate.ts, after a build: writes the files that are generated of the adapters.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { adapterFiles } from "./adapter-files.ts";

const root = join(import.meta.dirname, "..", "..", "..");
for (const [file, text] of await adapterFiles()) {
  writeFileSync(join(root, file), text);
  console.log(file);
}
