export { isSecret, secretFrom, SecretOption, secretKeyword } from "../contract/secret.ts";
export { readOptions } from "../poll/read-options.ts";
export { joinBytes } from "./join-bytes.ts";
export { matchesHmac } from "./matches-hmac.ts";
export type { HmacOptions } from "./matches-hmac.ts";
export { matchesSecret } from "./matches-secret.ts";
export { replayWindowSeconds, withinWindow } from "./within-window.ts";
