import { TributaryError } from "@tributary/schema";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import { Daemon } from "../../src/daemon/daemon.ts";
import { Scrubber } from "../../src/daemon/scrubber.ts";
import type { Sender } from "../../src/delivery/sender.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import { type Passage, ProcessState } from "./process-state.ts";
import type { SimulatedLake } from "./simulated-lake.ts";
import { ProcessTime, type Timeline } from "./timeline.ts";

/** What comes over a process: `die` is kill -9, `freeze` SIGSTOP, `suspend` the sleep of its machine. */
export const strikes = ["die", "freeze", "suspend"] as const;
export type Strike = (typeof strikes)[number];

export interface ProcessOptions {
  readonly name: string;
  readonly timeline: Timeline;
  readonly random: () => number;
  readonly database: StateDatabase;
  readonly isShared: boolean;
  /** The file of the configuration as it is now; undefined: it is broken. */
  readonly read: (process: ForwarderProcess) => LoadedConfig | undefined;
  readonly lake: (arn: string) => SimulatedLake;
  /** Told of each request to a lake as it arrives, and whether the process was stopped on its way. */
  readonly onArrival: (process: ForwarderProcess, arn: string, ids: readonly string[], wasStopped: boolean) => void;
  readonly onStored: (process: ForwarderProcess, arn: string, id: string) => void;
  /** Told of what a process was told that it delivered. */
  readonly onAnswer: (process: ForwarderProcess, arn: string, ids: readonly string[]) => void;
  /** Planted faults change it. */
  readonly wrap: (state: StateDatabase, process: ForwarderProcess) => StateDatabase;
  readonly wrapSender: (sender: Sender) => Sender;
}

/** A forwarder, from its start to its end or its death: the daemon of `tributary run` in a world of its own. */
export class ForwarderProcess implements Passage {
  readonly name: string;
  readonly time: ProcessTime;
  readonly state: ProcessState;
  /** Whether all that it was told can be expected to be in the state. */
  isClean = true;
  hasEnded = false;
  daemon: Daemon | undefined;
  /** Records that were left at its end. */
  left: number | undefined;
  readonly #options: ProcessOptions;
  #passes = 0;
  #aim: { readonly at: number; readonly strike: Strike; readonly isAfter: boolean } | undefined;
  #isStopping = false;
  #reloads = 0;

  constructor(options: ProcessOptions, shift: number) {
    const { timeline, database, isShared, name } = options;
    this.name = name;
    this.#options = options;
    this.time = new ProcessTime(timeline, shift);
    this.state = new ProcessState(database, this, isShared ? timeline : undefined);
  }

  get isAlive(): boolean {
    return this.time.state !== "dead" && !this.hasEnded;
  }

  /** Whether it can be spoken to. */
  get isUp(): boolean {
    return this.isAlive && this.time.state === "alive" && this.daemon !== undefined && !this.#isStopping;
  }

  /** Whether it is starting, ending, or reading its configuration. */
  get isBusy(): boolean {
    return this.isAlive && (this.daemon === undefined || this.#isStopping || this.#reloads > 0);
  }

  start(): void {
    void this.#run();
  }

  /** SIGHUP. */
  reload(): void {
    if (!this.isUp) return;
    this.#reloads++;
    void this.daemon!.reload().finally(() => this.#reloads--);
  }

  /** SIGTERM. */
  stop(drainSeconds: number): void {
    if (!this.isUp) return;
    this.#isStopping = true;
    if (drainSeconds === 0) this.isClean = false;
    void this.#end(drainSeconds);
  }

  /** After so many meetings with the world from now on. */
  aim(after: number, strike: Strike, isAfter: boolean): void {
    this.#aim = { at: this.#passes + after, strike, isAfter };
  }

  disarm(): void {
    this.#aim = undefined;
  }

  strike(strike: Strike): void {
    if (!this.isAlive) return;
    this.isClean = false;
    if (strike === "die") this.time.die();
    else this.time.stop(strike === "suspend");
  }

  async pass<T>(effect: () => Promise<T>, counts: boolean): Promise<T> {
    await this.time.gate();
    const aim = counts && ++this.#passes === this.#aim?.at ? this.#aim : undefined;
    if (aim?.isAfter === false) {
      this.strike(aim.strike);
      await this.time.gate();
    }
    try {
      return await effect();
    } finally {
      if (aim?.isAfter === true && aim === this.#aim) this.strike(aim.strike);
      await this.time.gate();
    }
  }

  async #run(): Promise<void> {
    const { read, random, wrap, wrapSender, name } = this.#options;
    const load = (): LoadedConfig => {
      const config = read(this);
      if (config === undefined) throw new TributaryError("The configuration is broken.", { code: "CONFIG_INVALID" });
      return config;
    };
    try {
      this.daemon = await Daemon.start(
        {
          database: wrap(this.state, this),
          member: name,
          load: () => Promise.resolve().then(load),
          stateOf: () => "here",
          clock: this.time,
          random,
          log: () => undefined,
          scrubber: new Scrubber(),
          openSender: ({ arn }) => Promise.resolve(wrapSender(this.#sender(arn))),
          backOff: { baseMs: 10, capMs: 100, maxAttempts: 3, giveUpAfterMs: 10_000 },
        },
        load(),
      );
    } catch {
      // It ends, and whoever watches over it starts another.
      this.isClean = false;
      this.hasEnded = true;
    }
  }

  async #end(drainSeconds: number): Promise<void> {
    this.left = await this.daemon!.stop(drainSeconds);
    this.hasEnded = true;
  }

  #sender(arn: string): Sender {
    const { timeline, lake, onArrival, onStored, onAnswer } = this.#options;
    return {
      send: async ({ auditEvents }) => {
        // One that stands already had begun this before it was stopped.
        const stops = this.time.state === "alive" ? this.time.stops : this.time.stops - 1;
        const ids = auditEvents.map(({ id }) => id);
        const answer = await this.pass(async () => {
          onArrival(this, arn, ids, this.time.stops !== stops);
          const reaction = lake(arn).receive(auditEvents, ({ id }) => onStored(this, arn, id));
          await timeline.sleep(reaction.ms);
          if (reaction.error !== undefined) throw reaction.error;
          return reaction.answer ?? {};
        }, true);
        const failed = new Set(answer.failed?.map(({ id }) => id));
        onAnswer(
          this,
          arn,
          (answer.successful ?? []).flatMap(({ id }) => (id === undefined || failed.has(id) ? [] : [id])),
        );
        return answer;
      },
      close: () => undefined,
    };
  }
}
