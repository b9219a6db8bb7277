export { commandAdapter } from "./command-adapter.ts";
export type { CommandAdapter, CommandAdapterOptions } from "./command-adapter.ts";
export { Answer, Hello } from "./protocol.ts";
export type { Question } from "./protocol.ts";
