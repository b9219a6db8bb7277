import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { closed, listening } from "./oracle-lake.ts";

/** A vendor's API in the toy adapter's shape that grows as the oracle issues records. */
export interface OracleVendor {
  readonly url: string;
  /** JSON of its events, in order. */
  readonly events: string[];
  /** Whether the newest event was in an answered page, and the place behind it was asked for. */
  readonly readToEnd: boolean;
  readonly unanswered: number;
  /** Called for each request before the answer, and in its middle; when it answers true, no more of it is sent. */
  gate: (point: "unanswered" | "half-answered") => boolean;
  /** Holds an answer back until what it answers resolves. */
  delay: () => Promise<void> | undefined;
  close(): Promise<void>;
}

export async function oracleVendor(): Promise<OracleVendor> {
  const open = new Set<ServerResponse>();
  let askedFor = -1;
  const server = createServer((request, response) => {
    open.add(response);
    response.once("close", () => open.delete(response));
    if (self.gate("unanswered")) return;
    const delay = self.delay();
    if (delay === undefined) answer(request, response);
    else void delay.then(() => answer(request, response));
  });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { searchParams } = new URL(request.url ?? "/", "http://localhost");
    const after = Number(searchParams.get("after"));
    const page = self.events.slice(after, after + Number(searchParams.get("limit")));
    // Bytes: half of a text may end within a character.
    const body = Buffer.from(`{"events":[${page.join(",")}],"next":${after + page.length}}`);
    response.writeHead(200, { "content-type": "application/json", "content-length": body.length });
    response.write(body.subarray(0, body.length >> 1));
    if (self.gate("half-answered")) return;
    askedFor = after;
    open.delete(response);
    response.end(body.subarray(body.length >> 1));
  }
  const self: OracleVendor = {
    url: await listening(server),
    events: [],
    get readToEnd() {
      return askedFor >= self.events.length;
    },
    get unanswered() {
      return open.size;
    },
    gate: () => false,
    delay: () => undefined,
    close: () => closed(server),
  };
  return self;
}
