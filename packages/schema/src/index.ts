export * from "./arn.ts";
export * from "./checksum.ts";
export * from "./event-id.ts";
export * from "./tributary-error.ts";
