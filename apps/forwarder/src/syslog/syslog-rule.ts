import type { Origin } from "@tributary/adapter-kit";
import type { SyslogSourceConfig } from "../config/syslog-schema.ts";
import { AddressList } from "../network/address-list.ts";
import { fitsWildcard } from "./wildcard.ts";

/** What a rule looks at. */
export interface RuledMessage {
  /** Name of the listener it came in by. */
  readonly listener: string;
  readonly peer: string;
  readonly header: Origin["header"];
}

/** Whether a message is an integration's: it fits every member that its configuration has. */
export type SyslogRule = (message: RuledMessage) => boolean;

/** @param config has networks and patterns that were checked */
export function syslogRule({ listener, from, host, app }: SyslogSourceConfig): SyslogRule {
  const peers = from && new AddressList(from);
  return (message) =>
    (listener === undefined || message.listener === listener) &&
    (peers === undefined || peers.has(message.peer)) &&
    fits(message.header?.host, host) &&
    fits(message.header?.app, app);
}

const fits = (text: string | undefined, patterns: readonly string[] | undefined): boolean =>
  patterns === undefined || (text !== undefined && patterns.some((pattern) => fitsWildcard(text, pattern)));
