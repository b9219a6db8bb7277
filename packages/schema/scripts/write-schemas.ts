// Writes schemas/*.json from the shapes: `npm run schemas`. A test fails when the files lag behind.
import { writeFileSync } from "node:fs";
import { fileText, jsonSchemas } from "./json-schemas.ts";

for (const [name, document] of jsonSchemas())
  writeFileSync(new URL(`../schemas/${name}`, import.meta.url), fileText(document));
