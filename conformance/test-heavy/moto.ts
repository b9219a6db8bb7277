import { spawn, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Whether moto's server is installed. */
export const hasMoto = spawnSync("moto_server", ["--help"]).status === 0;

/** Starts moto's server. Answers the arguments of the command line for a profile of it, and its version. @param place a folder for a credentials file */
export async function startMoto(
  place: string,
): Promise<{ readonly argv: readonly string[]; readonly version: string; readonly end: () => void }> {
  const credentials = join(place, "moto-credentials");
  writeFileSync(credentials, "[moto]\naws_access_key_id=testing\naws_secret_access_key=testing\n", { mode: 0o600 });
  process.env["AWS_SHARED_CREDENTIALS_FILE"] = credentials;
  const child = spawn("moto_server", ["-H", "127.0.0.1", "-p", "0"], { stdio: ["ignore", "ignore", "pipe"] });
  const url = await new Promise<string>((resolve, reject) => {
    let text = "";
    child.once("exit", (code) => reject(new Error(`moto_server ended with ${String(code)}: ${text}`)));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      text = text.slice(-10_000) + chunk;
      const found = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(found);
    });
  });
  const python = ["-c", "import importlib.metadata; print(importlib.metadata.version('moto'))"];
  const version = spawnSync("python3", python, { encoding: "utf8" }).stdout.trim();
  return { argv: ["--endpoint", url, "--owner", "moto"], version, end: () => void child.kill("SIGKILL") };
}
