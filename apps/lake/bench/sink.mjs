// Reads a request to its end and answers 200: shows how fast the driver is when nothing is behind it.
import { createServer } from "node:http";

const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => response.end('{"successful":[],"failed":[]}'));
});
server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })));
process.on("SIGTERM", () => process.exit(0));
