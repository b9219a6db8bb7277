import { X509Certificate } from "node:crypto";
import { spawn, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DayFile } from "../src/access/day-file.ts";
import { checkTls } from "../src/serve/check-tls.ts";
import { serve } from "../src/serve/serve.ts";
import { region } from "./test-lake.ts";

const cli = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
const hasOpenssl = spawnSync("openssl", ["version"]).status === 0;
const folder = mkdtempSync(join(tmpdir(), "tributary-renewed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pem = (name: string): { readonly cert: string; readonly key: string } => ({
  cert: readFileSync(join(folder, `${name}.cert`), "utf8"),
  key: readFileSync(join(folder, `${name}.key`), "utf8"),
});

describe.skipIf(!hasOpenssl || process.platform === "win32")("a certificate", () => {
  beforeAll(() => {
    for (const name of ["first", "second"]) {
      const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.cert`)];
      const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30"];
      const subject = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
      const made = spawnSync("openssl", ["req", "-x509", ...curve, "-keyout", key, "-out", cert, ...subject]);
      if (made.status !== 0) throw new Error(made.stderr.toString());
    }
  });

  test.each([1, 2])(
    "is read again at SIGHUP, by %i processes, and a broken one leaves the old one",
    async (workers) => {
      const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
      const use = ({ cert, key }: { readonly cert: string; readonly key: string }): void => {
        writeFileSync(certFile, cert);
        writeFileSync(keyFile, key);
      };
      use(pem("first"));
      const data = join(folder, `tls-${workers}`);
      const options = ["--data", data, "--port", "0", "--json", "--workers", String(workers)];
      const child = spawn(process.execPath, [cli, "serve", ...options, "--tls-cert", certFile, "--tls-key", keyFile]);
      let stderr = "";
      child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
      const ended = new Promise<number | null>((resolve) => void child.once("close", resolve));
      try {
        const line = await new Promise<string>((resolve) => {
          child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString()));
        });
        const { url } = JSON.parse(line) as { readonly url: string };
        expect(await nameOver(url)).toBe("CN=first");
        use(pem("second"));
        child.kill("SIGHUP");
        await expect.poll(() => nameOver(url), { timeout: 20_000 }).toBe("CN=second");
        use({ cert: pem("first").cert, key: pem("second").key });
        child.kill("SIGHUP");
        await expect.poll(() => stderr, { timeout: 20_000 }).toContain("reload-failed");
        expect(stderr).toContain("the private key is not that of the certificate");
        expect(await nameOver(url)).toBe("CN=second");
      } finally {
        child.kill("SIGTERM");
      }
      expect(await ended).toBe(0);
    },
  );

  test("that cannot be used is refused with what is wrong, and one that is over is told", () => {
    const { cert, key } = pem("first");
    const now = Date.now();
    const day = 86_400_000;
    expect(checkTls({ cert, key }, now)).toBeUndefined();
    expect(checkTls({ cert, key }, now + 20 * day)).toMatchObject({ level: "warning", event: "certificate-expires" });
    expect(checkTls({ cert, key }, now + 40 * day)).toMatchObject({ level: "error", event: "certificate-expired" });
    expect(checkTls({ cert, key }, now - day)).toMatchObject({ event: "certificate-not-yet-valid" });
    const wrong: readonly (readonly [string, string, string])[] = [
      [cert, pem("second").key, "is not that of the certificate (CN=first)"],
      ["", key, "the certificate cannot be read"],
      [cert, "", "the private key cannot be read"],
      [key, cert, "the certificate cannot be read"],
      [cert.slice(0, 200), key, "the certificate cannot be read"],
    ];
    for (const [badCert, badKey, message] of wrong)
      expect(() => checkTls({ cert: badCert, key: badKey }, now)).toThrow(message);
  });
});

/** The name in the certificate that new connections are shown. */
function nameOver(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      resolve(new X509Certificate(socket.getPeerCertificate().raw).subject);
      socket.destroy();
    });
    socket.on("error", reject);
  });
}

const newLog = (): { readonly directory: string; readonly log: DayFile; readonly file: string } => {
  const directory = mkdtempSync(join(folder, "access-"));
  return { directory, log: new DayFile(directory), file: join(directory, "2026-03-10.ndjson") };
};

describe("a file of the access log", () => {
  const day = Date.UTC(2026, 2, 10);
  test("that was moved away is begun anew after a reload, and no line is lost", async () => {
    const { directory, log, file } = newLog();
    log.append("one", day);
    renameSync(file, `${file}.1`);
    log.append("two", day);
    await log.reopen();
    log.append("three", day);
    await log.sync();
    log.close();
    expect(readFileSync(`${file}.1`, "utf8")).toBe("one\ntwo\n");
    expect(readFileSync(file, "utf8")).toBe("three\n");
    expect(readdirSync(directory)).toHaveLength(2);
  });

  test("that was deleted is begun anew within a second, not written where nobody reads", async () => {
    const { log, file } = newLog();
    log.append("one", day);
    unlinkSync(file);
    await log.sync();
    log.append("two", day);
    log.close();
    expect(readFileSync(file, "utf8")).toBe("two\n");
  });
});

test("an address that cannot be had is named, with what to do", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => void taken.listen(0, "127.0.0.1", resolve));
  const bound = taken.address();
  const port = typeof bound === "object" && bound !== null ? bound.port : 0;
  const data = join(folder, "taken");
  mkdirSync(data, { mode: 0o700 });
  const start = (more: object): Promise<unknown> =>
    serve({ data, region, host: "127.0.0.1", port: 0, insecure: true, ...more });
  const message = expect.stringContaining(`127.0.0.1:${port}: another process has it`);
  await expect(start({ port })).rejects.toMatchObject({ code: "LISTEN_FAILED", message });
  await expect(start({ metrics: { host: "127.0.0.1", port } })).rejects.toMatchObject({
    code: "LISTEN_FAILED",
    message,
  });
  // Elsewhere it is one all the same.
  await expect(start({ port, workers: 2 })).rejects.toMatchObject({ code: "LISTEN_FAILED", message });
  await expect(start({ host: "203.0.113.9" })).rejects.toMatchObject({
    message: expect.stringContaining("no such address"),
  });
  await new Promise<void>((resolve) => void taken.close(() => resolve()));
  // Nothing holds the directory after a start that failed.
  const lake = await serve({ data, region, host: "127.0.0.1", port: 0 });
  await lake.close();
  expect(existsSync(join(data, "catalog.sqlite"))).toBe(true);
});
