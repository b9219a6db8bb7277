export * from "./arn.ts";
export * from "./base64.ts";
export * from "./check-shape.ts";
export * from "./checksum.ts";
export { type ErrorCode } from "./errors/error-code.ts";
export * from "./errors/control-error-codes.ts";
export * from "./errors/event-error-codes.ts";
export * from "./errors/request-error-codes.ts";
export {
  type CheckOptions,
  type CheckResult,
  checkAuditEvent,
  checkAuditEventValue,
} from "./event/check-audit-event.ts";
export type { Problem } from "./event/problem.ts";
export * from "./event-id.ts";
export * from "./event-time.ts";
export * from "./hex.ts";
export * from "./ip-literal.ts";
export type { Json, JsonObject } from "./json.ts";
export * from "./limits.ts";
export * from "./names-each-key-once.ts";
export type { Operation } from "./operations/operation.ts";
export * from "./operations/operations.ts";
export { parseJson } from "./parse-json.ts";
export * from "./scan-json.ts";
export { sha256, sha256Base64Url } from "./sha256.ts";
export * from "./shapes/data-plane.ts";
export * as shapes from "./shapes/index.ts";
export * from "./sources.ts";
export * from "./text-length.ts";
export * from "./tributary-error.ts";
