import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const version = "1.43.11";

/** A Python that has boto3, made in a folder; else why there is none. */
export function boto3Python(folder: string): { readonly python: string } | { readonly missing: string } {
  const python = join(folder, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  const hasBoto3 = () => spawnSync(python, ["-c", "import boto3"]).status === 0;
  if (existsSync(python) && hasBoto3()) return { python };
  const made = spawnSync("python3", ["-m", "venv", folder], { encoding: "utf8" });
  if (made.status !== 0) return { missing: `no python3 that makes a venv: ${made.stderr || made.error?.message}` };
  const installed = spawnSync(
    python,
    ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `boto3==${version}`],
    { encoding: "utf8" },
  );
  return installed.status === 0 && hasBoto3() ? { python } : { missing: `boto3 is not installed: ${installed.stderr}` };
}
