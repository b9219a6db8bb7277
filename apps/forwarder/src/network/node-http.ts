/**
 * Node's `node:http`. An `import` of it reads all that it exports, and with that loads a client of HTTP and WebSockets that nothing
 * here uses: a tenth of the time in which a command starts.
 */
export const nodeHttp = process.getBuiltinModule("node:http");
