// Writes schemas/mapping.schema.json from the mapping language: `npm run schemas`. A test fails when the file lags behind.
import { writeFileSync } from "node:fs";
import { mappingSchemaFile } from "./mapping-schema-file.ts";

writeFileSync(new URL("../schemas/mapping.schema.json", import.meta.url), mappingSchemaFile());
