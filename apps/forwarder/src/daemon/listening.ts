import type { ListenConfig } from "../config/config-schema.ts";
import { httpListener, type Listener, type Routes } from "./http-listener.ts";
import type { Log } from "./log.ts";

/** The address of a process, and its change at a reload. */
export class Listening {
  readonly #log: Log;
  readonly #routes: Routes;
  #listener: Listener | undefined;

  constructor(log: Log, routes: Routes) {
    this.#log = log;
    this.#routes = routes;
  }

  /** Undefined when nothing listens. */
  get url(): string | undefined {
    return this.#listener?.url;
  }

  /** Throws `LISTEN_FAILED`. */
  async listen(config: ListenConfig | undefined): Promise<void> {
    this.#listener = config && (await httpListener(config, this.#routes));
    if (this.#listener !== undefined) this.#log("info", "listening", { url: this.#listener.url });
  }

  /** Where the new address cannot be listened on, the old one stays. */
  async listenAnew(old: ListenConfig | undefined, next: ListenConfig | undefined): Promise<void> {
    // A certificate may have changed under the same name.
    if (JSON.stringify(old) === JSON.stringify(next) && next?.tls === undefined) return;
    await this.#listener?.close(AbortSignal.abort());
    try {
      await this.listen(next);
    } catch (error) {
      this.#log("error", `${String(error)} The old address stays.`, { code: "LISTEN_FAILED" });
      await this.listen(old);
    }
  }

  /** @param patience aborts when open requests are cut off */
  async close(patience: AbortSignal): Promise<void> {
    await this.#listener?.close(patience);
  }
}
