import type { Frame } from "@tributary/adapter-kit";
import { readEnvelope } from "./read-envelope.ts";
import type { SyslogRule } from "./syslog-rule.ts";
import type { SyslogFrame, SyslogSink } from "./syslog-sink.ts";

/** An integration that takes messages. */
export interface SyslogRoute {
  readonly name: string;
  readonly rule: SyslogRule;
  /** The adapter reads the payload alone; otherwise the message, header and all. */
  readonly payloadOnly: boolean;
  readonly sink: SyslogSink;
}

export type ReceivedFrame = Pick<Frame, "bytes" | "tooLong" | "unfinished">;

/** Says which integration a message belongs to: the first, in the order of the configuration, whose rule fits. */
export class SyslogRouter {
  routes: readonly SyslogRoute[] = [];
  /** Messages that fit no rule, since the start: they are nobody's, and not kept. */
  unmatched = 0;

  /** What to do with a message; undefined where nobody takes it, which is counted. */
  route(
    received: ReceivedFrame,
    peer: string,
    listener: string,
  ): { readonly sink: SyslogSink; readonly frame: SyslogFrame } | undefined {
    const { header, payload } = readEnvelope(received.bytes);
    const route = this.routes.find(({ rule }) => rule({ listener, peer, header }));
    if (route === undefined) {
      this.unmatched++;
      return undefined;
    }
    const about = {
      peer,
      ...(header && { header }),
      ...(route.payloadOnly && payload > 0 && { payload }),
      ...(received.unfinished && { unfinished: true as const }),
    };
    return { sink: route.sink, frame: { bytes: received.bytes, tooLong: received.tooLong === true, about } };
  }
}
