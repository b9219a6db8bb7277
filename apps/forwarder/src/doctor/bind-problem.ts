import { createSocket } from "node:dgram";
import { createServer, isIPv6 } from "node:net";

/** Why an address cannot be listened on, in the system's words; undefined where it can. Lets go of it at once. */
export function bindProblem(transport: "tcp" | "udp", host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    if (transport === "udp") {
      const socket = createSocket({ type: isIPv6(host) ? "udp6" : "udp4" });
      socket.once("error", (error) => {
        socket.close();
        resolve(error.message);
      });
      socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(undefined)));
      return;
    }
    const server = createServer();
    server.once("error", (error) => resolve(error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
