export { type RunningLake, serve, type ServeOptions } from "./serve/serve.ts";
