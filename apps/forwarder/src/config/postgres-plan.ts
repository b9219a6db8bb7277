import type { Config } from "./config-schema.ts";
import type { LoadedConfig } from "./loaded-config.ts";
import { readSecret } from "./read-secret.ts";
import type { Finding } from "./yaml-source.ts";

/** Where the state in PostgreSQL is that a configuration names: its URL is read and checked, and nobody is connected to. */
export function postgresPlan(
  { state, postgres }: Config,
  directory: string,
  env: NodeJS.ProcessEnv,
): {
  readonly plan: LoadedConfig["postgres"];
  readonly findings: readonly Finding[];
  readonly secrets: readonly string[];
} {
  if (postgres === undefined) return { plan: undefined, findings: [], secrets: [] };
  const findings: Finding[] = [];
  if (state !== undefined)
    findings.push({
      path: ["state"],
      message: "There is postgres too, and a state is in one place",
      fix: "keep one of the two",
    });
  const read = readSecret(postgres.url, directory, env);
  if (!("text" in read)) {
    findings.push({ path: ["postgres", "url"], ...read });
    return { plan: undefined, findings, secrets: [] };
  }
  const url = URL.canParse(read.text) ? new URL(read.text) : undefined;
  if (url?.protocol !== "postgres:" && url?.protocol !== "postgresql:")
    findings.push({
      path: ["postgres", "url"],
      message: "What is there is no URL of PostgreSQL",
      fix: "write postgres://USER:PASSWORD@HOST:PORT/DATABASE",
    });
  const { schema, takeoverSeconds } = postgres;
  // Its password alone may be shown too, decoded.
  const password = url?.password ?? "";
  const secrets = [read.text, ...(password === "" ? [] : new Set([password, decoded(password)]))];
  return { plan: { url: read.text, schema, takeoverSeconds }, findings, secrets };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
