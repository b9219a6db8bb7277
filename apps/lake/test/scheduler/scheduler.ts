import type { Random } from "./random.ts";

/** Something that was promised did not hold. */
export class Violation extends Error {}

interface Actor {
  readonly name: string;
  /** Lets it make the store call that it stands before. */
  resume: (() => void) | undefined;
  pausedUntil: number;
}

/**
 * Runs actors one store call at a time. Each stands before its next call until it is chosen; any may be left standing for long, or
 * for ever, which is a process that was killed.
 */
export class Scheduler {
  readonly random: Random;
  step = 0;
  /** Virtual time, ms. */
  now = 1_780_000_000_000;
  /** No more pauses, deaths and faults: everything now comes to its end. */
  calm = false;
  readonly #actors = new Map<string, Actor>();
  #arrived: () => void = () => undefined;
  #failure: unknown;

  constructor(random: Random) {
    this.random = random;
  }

  /** Starts an actor. It runs to its first store call. */
  async start(name: string, body: () => Promise<void>): Promise<void> {
    const actor: Actor = { name, resume: undefined, pausedUntil: 0 };
    this.#actors.set(name, actor);
    await new Promise<void>((resolve) => {
      this.#arrived = resolve;
      body()
        .catch((error: unknown) => {
          // A killed actor's end is no one's.
          if (this.#actors.get(name) === actor) this.#failure ??= error;
        })
        .finally(() => {
          if (this.#actors.get(name) === actor) this.#actors.delete(name);
          this.#arrived();
        });
    });
    this.#throwFailure();
  }

  /** Every method of `port` stands at the gate first. `name` is the actor whose calls they are. */
  gated<T extends object>(name: string, port: T): T {
    return new Proxy(port, {
      get: (target, key) => {
        const value: unknown = Reflect.get(target, key);
        if (typeof value !== "function") return value;
        return async (...values: unknown[]): Promise<unknown> => {
          await this.gate(name);
          return await Reflect.apply(value, target, values);
        };
      },
    });
  }

  async gate(name: string): Promise<void> {
    const actor = this.#actors.get(name);
    await new Promise<void>((resolve) => {
      if (actor !== undefined) {
        actor.resume = resolve;
        if (!this.calm && this.random.chance(5)) actor.pausedUntil = this.step + this.random.below(150);
      }
      this.#arrived();
    });
  }

  /** One store call of one actor. False when none can move. */
  async advance(): Promise<boolean> {
    this.step += 1;
    this.now += this.calm ? 20 : this.random.chance(1) ? 3_600_000 : this.random.below(50);
    const standing = [...this.#actors.values()].filter(({ resume }) => resume !== undefined);
    const ready = standing.filter(({ pausedUntil }) => this.calm || pausedUntil <= this.step);
    if (ready.length === 0) return standing.length > 0;
    const actor = this.random.pick(ready);
    const resume = actor.resume!;
    actor.resume = undefined;
    await new Promise<void>((resolve) => {
      this.#arrived = resolve;
      resume();
    });
    this.#throwFailure();
    return true;
  }

  /** Kills an actor before its next store call; it never moves again. */
  kill(name: string): void {
    this.#actors.delete(name);
  }

  names(): readonly string[] {
    return [...this.#actors.keys()];
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
