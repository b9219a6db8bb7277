import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL("./trino/", import.meta.url));
/** Kept between runs, out of git: 166 files of 120 MB. */
const library = fileURLToPath(new URL("../../../.ci/.trino/", import.meta.url));

export type TrinoAnswer =
  | { readonly rows: readonly (readonly (string | null)[])[]; readonly types: readonly string[] }
  | { readonly error: string };

/** Fetches Trino 435 by Maven, once. It runs on Java 17 and later. Answers why it cannot be had, or undefined. */
export function fetchTrino(): string | undefined {
  for (const tool of ["java", "mvn"])
    if (spawnSync(tool, ["-version"]).error !== undefined) return `${tool} is not installed`;
  if (existsSync(library)) return undefined;
  const fresh = `${library.replace(/\/$/, "")}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const goal = "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies";
  const fetched = spawnSync("mvn", ["-B", "-q", "-f", join(here, "pom.xml"), goal, `-DoutputDirectory=${fresh}`], {
    timeout: 480_000,
    encoding: "utf8",
  });
  if (fetched.status !== 0) return `Maven could not fetch Trino: ${fetched.stdout.slice(-300)}`;
  renameSync(fresh, library);
  return undefined;
}

/** Trino's answers to statements of one line each, in their order. */
export function askTrino(statements: readonly string[]): TrinoAnswer[] {
  // A short life: little is won by compiling its code twice.
  const machine = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx1g"];
  const run = spawnSync("java", [...machine, "-cp", join(library, "*"), join(here, "TrinoJudge.java")], {
    input: `${statements.map((statement) => statement.replaceAll(/\s*\n\s*/g, " ")).join("\n")}\n`,
    encoding: "utf8",
    timeout: 480_000,
    maxBuffer: 256 * 1024 ** 2,
  });
  const answers = run.stdout
    .split("\n")
    .filter((line) => line.startsWith("="))
    .map((line) => JSON.parse(line.slice(1)) as TrinoAnswer);
  if (answers.length !== statements.length)
    throw new Error(`Trino answered ${answers.length} of ${statements.length} statements: ${run.stderr.slice(-1000)}`);
  return answers;
}
