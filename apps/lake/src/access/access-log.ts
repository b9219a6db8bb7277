import type { Clock } from "../clock.ts";
import { messageOf } from "../message-of.ts";
import type { DayFile } from "./day-file.ts";
import { LineLimit } from "./line-limit.ts";
import type { Observation } from "./observation.ts";

export interface AccessLogOptions {
  /** Where lines go, in place of files: without newline. */
  readonly lines: Pick<DayFile, "append" | "sync" | "reopen" | "forget" | "takeTrimmed" | "close">;
  /** Files of earlier days are deleted. */
  readonly days: number;
  readonly clock: Clock;
  readonly log: (entry: Readonly<Record<string, unknown>>) => void;
}

const dayMs = 86_400_000;
/** Of lines that need no valid key, or are refusals of PutAuditEvents: about 70 MB a day at most. */
const strangers = { burst: 1000, perSecond: 2 };
const chores = { sync: 1000, omitted: 60_000, forget: 3_600_000 };

/**
 * One line of JSON for each control-plane call, each query and each refusal, written before the answer is sent. PutAuditEvents that
 * succeed are counted by the metrics alone. A line that cannot be written stops nothing: the loss is logged, counted and noted in
 * the file once it takes lines again; so is the deletion of old files for want of room. Brought to stable storage once a second.
 */
export class AccessLog {
  readonly #options: AccessLogOptions;
  readonly #limit: LineLimit;
  #unwritten = 0;
  #lost = 0;
  #toldAt = Number.NEGATIVE_INFINITY;
  #next = { sync: 0, omitted: 0, forget: 0 };
  readonly #timer: NodeJS.Timeout;

  constructor(options: AccessLogOptions) {
    this.#options = options;
    const { clock } = options;
    this.#limit = new LineLimit(strangers.burst, strangers.perSecond, () => clock.monotonic());
    const now = clock.monotonic();
    this.#next = { sync: now + chores.sync, omitted: now + chores.omitted, forget: now };
    this.#timer = setInterval(() => void this.tick(), chores.sync);
    this.#timer.unref();
  }

  /** Lines that could not be written since the start. */
  get lost(): number {
    return this.#lost;
  }

  observe(observation: Observation): void {
    const { operation, outcome, note } = observation;
    if (operation === "PutAuditEvents" && outcome === "Success") return;
    if ((operation === "PutAuditEvents" || note.caller === undefined) && !this.#limit.take()) return;
    this.#write(lineOf(observation));
  }

  /** Chores that are due; called once a second. */
  async tick(): Promise<void> {
    const { lines, days, clock } = this.#options;
    const now = clock.monotonic();
    try {
      if (now >= this.#next.omitted) {
        this.#next.omitted = now + chores.omitted;
        this.#noteOmitted();
      }
      if (now >= this.#next.forget) {
        this.#next.forget = now + chores.forget;
        lines.forget(clock.now() - days * dayMs);
      }
      await lines.sync();
    } catch (error) {
      this.#tell(error);
    }
  }

  /** For whoever moves its files away: lines go to new ones from now on. */
  async reopen(): Promise<void> {
    await this.#options.lines.reopen().catch((error: unknown) => this.#tell(error));
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#noteOmitted();
    await this.#options.lines.sync().catch((error: unknown) => this.#tell(error));
    this.#options.lines.close();
  }

  #noteOmitted(): void {
    const refusals = this.#limit.takeOmitted();
    if (refusals > 0) this.#write({ event: "omitted", refusals });
  }

  #write(fields: Readonly<Record<string, unknown>>): void {
    const { lines, clock } = this.#options;
    const now = clock.now();
    const time = new Date(now).toISOString();
    try {
      if (this.#unwritten > 0) {
        lines.append(JSON.stringify({ time, event: "lost", lines: this.#unwritten }), now);
        this.#unwritten = 0;
      }
      lines.append(JSON.stringify({ time, ...fields }), now);
      const trimmed = lines.takeTrimmed();
      if (trimmed === undefined) return;
      this.#options.log({ level: "warning", event: "access-log-trimmed", ...trimmed });
      lines.append(JSON.stringify({ time, event: "trimmed", ...trimmed }), now);
    } catch (error) {
      this.#unwritten += 1;
      this.#lost += 1;
      this.#tell(error);
    }
  }

  /** Once a minute. */
  #tell(error: unknown): void {
    const now = this.#options.clock.monotonic();
    if (now - this.#toldAt < 60_000) return;
    this.#toldAt = now;
    this.#options.log({ level: "error", event: "access-log-failed", message: messageOf(error), lost: this.#lost });
  }
}

function lineOf({ note, durationMs, ...rest }: Observation): Readonly<Record<string, unknown>> {
  const { caller, resources, statement, eventDataStores, queryId } = note;
  return {
    ...rest,
    durationMs: Math.round(durationMs * 10) / 10,
    accountId: caller?.accountId,
    principal: caller?.arn,
    ...(resources !== undefined && resources.length > 0 && { resources }),
    statement,
    eventDataStores,
    queryId,
  };
}
