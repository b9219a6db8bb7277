import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { channelArn } from "../test/support/scene.ts";

/** Where a request stands when the oracle looks at it. */
export type RequestPoint = "before-store" | "after-store" | "half-answered";

export interface OracleLake {
  readonly endpoint: string;
  readonly channelArn: string;
  /** Who may send. */
  readonly env: Record<string, string>;
  /** Texts that were stored under each id, as often as they came. */
  readonly stored: Map<string, Map<string, number>>;
  /** What it holds at the end: rows of a lake, each once; of the oracle's own server undefined, which keeps every copy. */
  readonly rows?: () => Promise<ReadonlyMap<string, ReadonlyMap<string, number>>>;
  /** Requests that arrived and have no whole answer. */
  readonly unanswered: number;
  /** Called at each point of each request; when it answers true, nothing more happens to that request. */
  gate: (point: RequestPoint) => boolean;
  close(): Promise<void>;
}

/**
 * A PutAuditEvents server that stores before it answers, as a lake does, refuses ids that begin with `bad-`, and leaves out or
 * throttles an event here and there, so that answers are read by id.
 * @param random uniform in [0, 1)
 */
export async function oracleLake(random: () => number): Promise<OracleLake> {
  const stored = new Map<string, Map<string, number>>();
  const open = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    void bodyOf(request).then((body) => answer(body, response));
  });

  function answer(body: string, response: ServerResponse): void {
    if (self.gate("before-store")) return;
    const { auditEvents } = JSON.parse(body) as { auditEvents: { id: string; eventData: string }[] };
    const successful: object[] = [];
    const failed: object[] = [];
    const spoilt = random() < 0.03 ? Math.floor(random() * auditEvents.length) : -1;
    for (const [index, { id, eventData }] of auditEvents.entries()) {
      if (id.startsWith("bad-")) failed.push({ id, errorCode: "InvalidData", errorMessage: "refused" });
      else if (index === spoilt && random() < 0.5) failed.push({ id, errorCode: "Throttling", errorMessage: "later" });
      else {
        const texts = stored.get(id) ?? new Map<string, number>();
        stored.set(id, texts.set(eventData, (texts.get(eventData) ?? 0) + 1));
        // Stored, and not in the answer: the sender cannot know.
        if (index !== spoilt) successful.push({ id, eventID: "00000000-0000-8000-8000-000000000000" });
      }
    }
    if (self.gate("after-store")) return;
    const text = JSON.stringify({ successful, failed });
    response.writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
    response.write(text.slice(0, text.length >> 1));
    if (self.gate("half-answered")) return;
    open.delete(response);
    response.end(text.slice(text.length >> 1));
  }

  const self: OracleLake = {
    endpoint: await listening(server),
    channelArn,
    env: {},
    stored,
    get unanswered() {
      return open.size;
    },
    gate: () => false,
    close: () => closed(server),
  };
  return self;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  // One whose sender was killed breaks off.
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return await new Promise(() => undefined);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Listens on a free port of loopback; answers its URL. */
export async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  });
}
