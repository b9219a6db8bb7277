import { createServer, type ServerResponse } from "node:http";

/** A vendor's API on loopback: `GET /events?after=N&limit=M` of the toy adapter. */
export interface FakeVendor {
  readonly url: string;
  /** What it holds, in order. */
  readonly events: object[];
  /** Paths with queries, as they came. */
  readonly requests: string[];
  readonly tokens: Set<string>;
  /** Answers instead of the vendor where it returns true. */
  script: (path: string, response: ServerResponse) => boolean;
  close(): Promise<void>;
}

export async function fakeVendor(events: readonly object[] = []): Promise<FakeVendor> {
  const server = createServer((request, response) => {
    const path = request.url ?? "/";
    self.requests.push(path);
    self.tokens.add(request.headers.authorization ?? "");
    if (self.script(path, response)) return;
    const { searchParams } = new URL(path, "http://localhost");
    const after = Number(searchParams.get("after"));
    const page = self.events.slice(after, after + Number(searchParams.get("limit")));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ events: page, next: after + page.length }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const self: FakeVendor = {
    url: `http://127.0.0.1:${port}`,
    events: [...events],
    requests: [],
    tokens: new Set(),
    script: () => false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return self;
}

/** Events of the toy vendor, `id-0` to `id-N`. */
export function toyEvents(count: number, from = 0): readonly object[] {
  return Array.from({ length: count }, (_, n) => ({
    at: "2026-01-01T00:00:00Z",
    what: n % 3 === 0 ? "Same" : "Login",
    id: `id-${from + n}`,
    text: "t".repeat(100),
  }));
}
