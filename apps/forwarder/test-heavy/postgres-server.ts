import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Certificate } from "../test/support/certificate.ts";

/** Planted in every URL: shown nowhere. */
export const password = "canary-5b2f-of-the-database";

const debian = "/usr/lib/postgresql";
/** Where initdb is; undefined where PostgreSQL is not installed. */
const binaries = existsSync(debian)
  ? readdirSync(debian)
      .toSorted((a, b) => Number(b) - Number(a))
      .map((version) => join(debian, version, "bin"))
      .find((folder) => existsSync(join(folder, "initdb")))
  : undefined;

/** Why tests with PostgreSQL are skipped; undefined where they run. */
export const noPostgres =
  binaries === undefined ? `PostgreSQL is not installed (${debian}): apt-get install postgresql` : undefined;

/** A real PostgreSQL in a folder of its own. */
export interface PostgresServer {
  /** With its password; each name is a schema of its own. */
  readonly url: string;
  readonly isRunning: boolean;
  start(): void;
  /** `immediate` is its crash: it recovers at the next start. */
  stop(mode: "fast" | "immediate"): void;
  [Symbol.dispose](): void;
}

/** Waits until it is done; in seconds, since a recovery syncs every file, which takes minutes on a disk that is busy. */
const patient = ["-w", "-t", "300"] as const;

/** @param tls then it takes connections with TLS alone */
export async function postgresServer(tls?: Certificate): Promise<PostgresServer> {
  const directory = mkdtempSync(join(tmpdir(), "tributary-postgres-"));
  const data = join(directory, "data");
  // It refuses to run as root.
  const nobody = process.getuid?.() === 0 ? 65_534 : undefined;
  const run = (program: string, ...args: readonly string[]) => {
    const { status, stderr, stdout } = spawnSync(join(binaries!, program), args, {
      encoding: "utf8",
      cwd: directory,
      // A server that goes on would keep a pipe open.
      stdio: program === "pg_ctl" ? "ignore" : "pipe",
      ...(nobody !== undefined && { uid: nobody, gid: nobody }),
    });
    if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stdout}${stderr}`);
  };
  if (nobody !== undefined) chownSync(directory, nobody, nobody);
  const passwordFile = join(directory, "password");
  writeFileSync(passwordFile, password);
  run(
    "initdb",
    "-D",
    data,
    "-U",
    "tributary",
    "-A",
    "scram-sha-256",
    "--pwfile",
    passwordFile,
    "--no-locale",
    "-E",
    "UTF8",
  );
  if (tls !== undefined) {
    const [cert, key, hba] = ["server.crt", "server.key", "pg_hba.conf"].map((name) => join(data, name));
    writeFileSync(cert!, tls.cert);
    writeFileSync(key!, tls.key, { mode: 0o600 });
    writeFileSync(hba!, "hostssl all all 127.0.0.1/32 scram-sha-256\n");
    if (nobody !== undefined) for (const file of [cert, key, hba]) chownSync(file!, nobody, nobody);
  }
  const port = await freePort();
  const options = `${tls === undefined ? "" : "-c ssl=on "}-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${directory}`;
  const server: PostgresServer = {
    url: `postgres://tributary:${password}@127.0.0.1:${port}/postgres`,
    get isRunning() {
      return existsSync(join(data, "postmaster.pid"));
    },
    start: () => run("pg_ctl", "start", "-D", data, ...patient, "-l", join(directory, "log"), "-o", options),
    stop: (mode) => run("pg_ctl", "stop", "-D", data, ...patient, "-m", mode),
    [Symbol.dispose]() {
      if (server.isRunning) server.stop("immediate");
      rmSync(directory, { recursive: true, force: true });
    },
  };
  server.start();
  return server;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No port.");
  return address.port;
}
