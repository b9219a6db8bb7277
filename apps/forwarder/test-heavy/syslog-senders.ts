import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A sender that runs. */
export interface Sender {
  end(): Promise<void>;
}

/** Waits for something while a sender runs, then ends the sender. */
export async function during<T>(sender: Sender, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } finally {
    await sender.end();
  }
}

const has = (program: string): boolean => spawnSync("which", [program]).status === 0;
/** Where `.ci/run` unpacks Debian's syslog-ng: it cannot be installed beside rsyslog. */
const unpacked = process.env["SYSLOG_NG_ROOT"] ?? fileURLToPath(new URL("../../../.ci/.syslog-ng", import.meta.url));
const python = fileURLToPath(new URL("../../../.ci/.venv/bin/python3", import.meta.url));

export const found = {
  logger: has("logger"),
  rsyslog: has("rsyslogd"),
  omelasticsearch: existsSync("/usr/lib/x86_64-linux-gnu/rsyslog/omelasticsearch.so"),
  gtls: existsSync("/usr/lib/x86_64-linux-gnu/rsyslog/lmnsd_gtls.so"),
  syslogNg: existsSync(join(unpacked, "usr/sbin/syslog-ng")),
  syslogNgHttp: existsSync(join(unpacked, "usr/lib/syslog-ng/3.38/libhttp.so")),
  elasticsearch: spawnSync(pythonPath(), ["-c", "import elasticsearch"]).status === 0,
} as const;

/** Python with the official client of Elasticsearch, where there is one. */
export function pythonPath(): string {
  return process.env["PYTHON_ELASTICSEARCH"] ?? (existsSync(python) ? python : "python3");
}

/** rsyslogd with a configuration file of its own. */
export function rsyslog(directory: string, config: string): Sender {
  return running("rsyslogd", ["-n", "-f", config, "-i", join(directory, "rsyslog.pid")], {});
}

const within = (path: string) => join(unpacked, path);

/** syslog-ng with a configuration file of its own. */
export function syslogNg(directory: string, config: string): Sender {
  const libraries = ["usr/lib/syslog-ng", "usr/lib/x86_64-linux-gnu", "lib/x86_64-linux-gnu"].map(within).join(":");
  const files = ["--persist-file", join(directory, "ng.persist"), "--pidfile", join(directory, "ng.pid")];
  const more = ["--control", join(directory, "ng.ctl"), "--module-path", within("usr/lib/syslog-ng/3.38"), "--no-caps"];
  return running(within("usr/sbin/syslog-ng"), ["-F", "-f", config, ...files, ...more], { LD_LIBRARY_PATH: libraries });
}

function running(program: string, argv: readonly string[], env: Record<string, string>): Sender {
  const child = spawn(program, argv, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (told += chunk));
  child.stdout.resume();
  const ended = new Promise<void>((resolve) =>
    child.on("close", (code) => {
      if (code !== 0 && code !== null) console.log(`${program} ended with ${code}: ${told.slice(-2000)}`);
      resolve();
    }),
  );
  return {
    async end() {
      child.kill("SIGTERM");
      const kill = setTimeout(() => child.kill("SIGKILL"), 10_000);
      await ended;
      clearTimeout(kill);
    },
  };
}

/** A port that is free now, and can be taken again after a kill. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === "object" && address !== null ? address.port : 0;
}
