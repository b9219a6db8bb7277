// Writes schemas/mapping.schema.json and the tables of README.md from the source: `npm run schemas`. A test fails when they
// lag behind.
import { readFileSync, writeFileSync } from "node:fs";
import { mappingSchemaFile } from "./mapping-schema-file.ts";
import { withTables } from "./readme-tables.ts";

const readme = new URL("../README.md", import.meta.url);
writeFileSync(new URL("../schemas/mapping.schema.json", import.meta.url), mappingSchemaFile());
writeFileSync(readme, withTables(readFileSync(readme, "utf8")));
