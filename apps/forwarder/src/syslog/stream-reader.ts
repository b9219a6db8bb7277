import type { Socket } from "node:net";
import type { Frame, Framer } from "@tributary/adapter-kit";
import type { SyslogRouter } from "./syslog-router.ts";
import type { SyslogSink } from "./syslog-sink.ts";

export interface StreamReaderOptions {
  readonly socket: Socket;
  readonly framer: Framer;
  readonly router: SyslogRouter;
  readonly peer: string;
  readonly listener: string;
}

/** Reads one connection to its end, no faster than its messages can be written. */
export class StreamReader {
  /** Its sender waits for us. */
  isWaiting = false;
  readonly #options: StreamReaderOptions;
  /** Of a message over the limit: whose its pieces are. Undefined: nobody's. */
  #cut: { readonly end: number; readonly sink: SyslogSink | undefined } | undefined;

  constructor(options: StreamReaderOptions) {
    this.#options = options;
  }

  /**
   * Resolves when the connection is over; never rejects. What is left of a message then: a line whose sender closed in order is a
   * message, whatever else is unfinished.
   * @param stop aborts what waits for room
   */
  async read(stop: AbortSignal): Promise<void> {
    const { socket, framer } = this.#options;
    let inOrder = false;
    try {
      for await (const chunk of socket) {
        if (!(chunk instanceof Buffer)) break;
        const sinks = this.#take(framer.push(chunk));
        this.isWaiting = true;
        for (const sink of sinks) await sink.room(stop);
        this.isWaiting = false;
      }
      inOrder = socket.readableEnded;
    } catch {
      // Reset, broken, or closed by us: what came is kept.
    } finally {
      socket.destroy();
    }
    this.#take(framer.end().map((frame) => (inOrder ? frame : { ...frame, unfinished: true as const })));
  }

  /** Answers the sinks that have no more room. */
  #take(frames: readonly Frame[]): ReadonlySet<SyslogSink> {
    const full = new Set<SyslogSink>();
    for (const frame of frames) {
      const sink = this.#hand(frame);
      if (sink?.isFull === true) full.add(sink);
    }
    return full;
  }

  #hand(frame: Frame): SyslogSink | undefined {
    const { router, peer, listener } = this.#options;
    const { bytes, offset, end, tooLong } = frame;
    if (tooLong === true && this.#cut?.end === offset) {
      const { sink } = this.#cut;
      this.#cut = { end, sink };
      const unfinished = frame.unfinished && { unfinished: true as const };
      sink?.add({ bytes, tooLong: true, about: { peer, ...unfinished } });
      return sink;
    }
    const routed = router.route(frame, peer, listener);
    this.#cut = tooLong === true ? { end, sink: routed?.sink } : undefined;
    routed?.sink.add(routed.frame);
    return routed?.sink;
  }
}
