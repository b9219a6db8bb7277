import { createServer, type Socket } from "node:net";

/** What a server does with a connection on which the head of a request has come. */
export type Behaviour = (socket: Socket) => void;

/** A TCP server that knows no HTTP: the n-th connection gets the n-th behaviour, and the last one all that follow. */
export interface RawServer {
  readonly port: number;
  readonly endpoint: string;
  /** Connections so far. */
  readonly connections: number;
  close(): Promise<void>;
}

export async function rawServer(...behaviours: readonly Behaviour[]): Promise<RawServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    const behave = behaviours[Math.min(connections++, behaviours.length - 1)]!;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.resume();
      behave(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    port,
    endpoint: `http://127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
