import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Verifier } from "../src/sigv4/verifier.ts";
import type { SigningCredentials } from "../src/sigv4/sign-request.ts";

export const credentials: SigningCredentials = {
  accessKeyId: "AKIADELIVERYEXAMPLE1",
  secretAccessKey: "delivery-secret-not-to-be-logged",
  sessionToken: "delivery-token-not-to-be-logged",
};

/** A status, or what is done in place of an answer. */
export type Play = number | "hang" | "reset" | "redirect";

export interface Seen {
  readonly method: string;
  /** Decoded. */
  readonly key: string;
  readonly status: Play;
}

/** An S3 server that checks each signature with the lake's own verifier, stores what is put, and plays what a test says. */
export class ScriptedS3 {
  readonly stored = new Map<string, Buffer>();
  readonly seen: Seen[] = [];
  readonly wrong: string[] = [];
  /** What the next requests of a method get; without, they are served. */
  readonly plays: { method: string; play: Play }[] = [];
  readonly buckets = new Set(["results"]);
  readonly #server = createServer();
  url = "";

  static async start(region: string): Promise<ScriptedS3> {
    const s3 = new ScriptedS3();
    const verifier = new Verifier({ region, now: () => Date.now() });
    s3.#server.on("request", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("error", () => {});
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const [rawPath = "", rawQuery = ""] = (request.url ?? "").split("?");
        const { method = "", headers, rawHeaders } = request;
        const body = Buffer.concat(chunks);
        try {
          const signed = verifier.read(
            { requestId: "r", method, rawPath, rawQuery, headers, rawHeaders, body, sourceIp: "", secure: false },
            "s3",
          );
          verifier.check(
            signed,
            signed.accessKeyId === credentials.accessKeyId ? credentials.secretAccessKey : undefined,
          );
          if (signed.securityToken !== credentials.sessionToken) throw new Error("another token");
          if (headers["transfer-encoding"] !== undefined) throw new Error("no known length");
        } catch (error) {
          s3.wrong.push(`${method} ${rawPath}: ${String(error)}`);
        }
        const key = decodeURIComponent(rawPath);
        const at = s3.plays.findIndex((one) => one.method === method);
        const bucket = key.split("/")[1]!;
        const play = at < 0 ? (s3.buckets.has(bucket) ? 200 : 404) : s3.plays.splice(at, 1)[0]!.play;
        s3.seen.push({ method, key, status: play });
        if (play === "hang") return;
        if (play === "reset") {
          request.socket.destroy();
          return;
        }
        if (play === "redirect") {
          response.writeHead(307, { location: `${s3.url}/elsewhere/x` }).end();
          return;
        }
        if (play === 200 && method === "PUT") s3.stored.set(key, body);
        response.writeHead(play).end(play >= 400 && method !== "HEAD" ? "<Error><Code>Played</Code></Error>" : "");
      });
    });
    await new Promise<void>((resolve) => s3.#server.listen(0, "127.0.0.1", resolve));
    s3.url = `http://127.0.0.1:${(s3.#server.address() as AddressInfo).port}`;
    return s3;
  }

  play(method: string, ...plays: readonly Play[]): void {
    for (const play of plays) this.plays.push({ method, play });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
