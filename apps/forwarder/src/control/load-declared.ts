import { readFileSync } from "node:fs";
import { Value } from "@sinclair/typebox/value";
import { ConfigInvalid } from "../config/config-invalid.ts";
import { schemaFindings } from "../config/schema-findings.ts";
import { withDefaults } from "../config/with-defaults.ts";
import { yamlSource } from "../config/yaml-source.ts";
import { declaredFindings } from "./declared-findings.ts";
import { type DeclaredSet, declaredSchema } from "./declared-schema.ts";

/**
 * Reads the file of `tributary integration apply`. Throws {@link ConfigInvalid} with everything that is wrong, each with
 * file, line and column.
 * @param lakeOf the lake's address for an endpoint of the file; undefined where it is AWS
 */
export function loadDeclared(file: string, lakeOf: (endpoint: string | undefined) => string | undefined): DeclaredSet {
  const source = yamlSource(read(file), file);
  if (source.value === undefined) throw new ConfigInvalid(source.problems);
  const given = withDefaults(declaredSchema, source.value);
  const shape = schemaFindings(declaredSchema, given, []);
  const filled = Value.Clean(declaredSchema, withDefaults(declaredSchema, given));
  if (!Value.Check(declaredSchema, filled)) throw new ConfigInvalid(shape.map((one) => source.place(one)));
  const findings = [...shape, ...declaredFindings(filled, lakeOf(filled.endpoint) !== undefined)];
  if (findings.length > 0) throw new ConfigInvalid(findings.map((one) => source.place(one)));
  return filled;
}

function read(file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const missing = error instanceof Error && "code" in error && error.code === "ENOENT";
    const message = missing ? "There is no such file" : "It cannot be read as a text file";
    const fix = missing ? "name yours with -f" : "check its permissions, and that it is UTF-8";
    throw new ConfigInvalid([{ file, line: 1, column: 1, path: "", message, fix }]);
  }
}
