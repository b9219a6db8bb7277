import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** A PutAuditEvents request as it arrived. */
export interface Arrived {
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
  readonly events: readonly { readonly id: string; readonly eventData: string; readonly eventDataChecksum?: string }[];
  readonly number: number;
}

/** What the server does with one request: it may answer, or destroy the socket. */
export type Reply = (request: Arrived, response: ServerResponse) => void | Promise<void>;

export interface ScriptedServer {
  readonly endpoint: string;
  readonly requests: Arrived[];
  /** eventData of each id whose success was written, by how often. */
  readonly stored: Map<string, string[]>;
  script: Reply;
  close(): Promise<void>;
}

/** A real HTTP server on loopback whose answers a test writes. */
export async function scriptedServer(script: Reply = accept): Promise<ScriptedServer> {
  const requests: Arrived[] = [];
  const stored = new Map<string, string[]>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString("utf8");
      const { auditEvents }: { auditEvents: Arrived["events"] } = JSON.parse(body);
      const arrived = {
        url: new URL(request.url!, "http://localhost"),
        headers: request.headers,
        body,
        events: auditEvents,
        number: requests.length,
      };
      requests.push(arrived);
      void self.script.call(self, arrived, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const self: ScriptedServer = {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    stored,
    script,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}

export function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, {
      "content-type": "application/json",
      "x-amzn-requestid": `request-${Math.random()}`,
      ...headers,
    })
    .end(JSON.stringify(body));
}

export function refuse(
  response: ServerResponse,
  status: number,
  name: string,
  message = name,
  headers: Record<string, string> = {},
): void {
  json(response, status, { __type: name, message }, { "x-amzn-errortype": name, ...headers });
}

/** Remembers the events, as a server does before it answers. */
export function store(
  this: void,
  server: ScriptedServer,
  events: Arrived["events"],
): { id: string; eventID: string }[] {
  return events.map(({ id, eventData }) => {
    server.stored.set(id, [...(server.stored.get(id) ?? []), eventData]);
    return { id, eventID: "00000000-0000-8000-8000-000000000000" };
  });
}

/** Takes everything. */
export function accept(this: ScriptedServer | void, request: Arrived, response: ServerResponse): void {
  json(response, 200, { successful: this ? store(this, request.events) : [], failed: [] });
}
