import { createHmac } from "node:crypto";
import type { SQLOutputValue, StatementSync } from "node:sqlite";
import type { LoadedConfig } from "../../src/config/loaded-config.ts";
import { seededRandom } from "../../src/delivery/back-off.ts";
import { memoryState } from "../../src/state/sqlite-state.ts";
import type { StateDatabase } from "../../src/state/state-database.ts";
import { accounts, issue, type Issued, type Kind } from "./issued.ts";
import type { Fault } from "./fault.ts";
import { ForwarderProcess } from "./forwarder-process.ts";
import type { StateFault } from "./process-state.ts";
import type { Script } from "./script.ts";
import { arnOf, configOf, pathOf, planOf, secret, type Variant } from "./simulated-config.ts";
import { SimulatedLake } from "./simulated-lake.ts";
import { SimulatedVendor } from "./simulated-vendor.ts";
import { leaseTables } from "./table-leases.ts";
import { Timeline } from "./timeline.ts";

/** One state for all worlds, one after the other: to make its tables takes longer than most scripts. */
const memory = memoryState();
memory.connection.exec(leaseTables);
const clear = memory.connection
  .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'")
  .all()
  .map((row) => memory.connection.prepare(`DELETE FROM ${String(row["name"])}`));
clear.push(memory.connection.prepare("DELETE FROM sqlite_sequence"));

const questions = new Map<string, StatementSync>();

/** A request of a sender of webhooks: what it holds, where it is to go, and what was answered. */
export interface Attempt {
  destinations: readonly number[] | undefined;
  status: number | undefined;
  /** Whether its process failed, was stopped or died meanwhile, or its state did. */
  isDoubtful: boolean;
}

/** Records that a sender of webhooks gives until they are taken. */
export interface Delivery {
  readonly integration: number;
  readonly records: readonly Issued[];
  readonly key: string | undefined;
  readonly attempts: Attempt[];
}

/** Processes of a forwarder, or of two that share a state, with all that they meet. */
export class World {
  readonly timeline = new Timeline();
  readonly isShared: boolean;
  readonly integrations: readonly number[];
  readonly lakes = new Map<string, SimulatedLake>();
  readonly vendors: readonly SimulatedVendor[];
  readonly deliveries: Delivery[] = [];
  readonly processes: ForwarderProcess[] = [];
  /** By its place: what runs there, or ran last. */
  readonly places: (ForwarderProcess | undefined)[] = [];
  /** Records that vendors published or pushed. */
  issued = 0;
  /** What must never be, and was. */
  readonly problems: string[] = [];
  config: Variant | "broken";
  /** With all that the script ever has. */
  readonly whole: Variant;
  /** Whether a clock was so far ahead that what is remembered for days may be forgotten. */
  hasForgotten = false;
  /** Whether a clock went, so that deliveries may have been forgotten by their keys. */
  hasJumped = false;
  /** Whether dead letters were turned into dropped records. */
  hasDiscarded = false;
  readonly #fault: Fault;
  readonly #random: () => number;
  readonly #shifts = [0, 0];
  readonly #known = new Map<string, ForwarderProcess>();
  readonly #shared: StateDatabase | undefined;

  constructor({ isShared, first, seed, lakes, commands }: Script, fault: Fault) {
    if (memory.connection.isTransaction) memory.connection.exec("ROLLBACK");
    for (const statement of clear) statement.run();
    this.isShared = isShared;
    this.integrations = isShared ? [0, 1] : [0];
    this.vendors = this.integrations.map(() => new SimulatedVendor());
    this.config = first;
    const variants = [
      first,
      ...commands.flatMap((one) => (one.do === "reload" && one.to !== "broken" ? [one.to] : [])),
    ];
    const destinations = [...new Set(variants.flatMap((one) => one.destinations))].toSorted((a, b) => a - b);
    this.whole = { destinations, isPolled: true, isPushed: true, pauseAfter: 1000 };
    this.#random = seededRandom(seed);
    this.#fault = fault;
    this.#shared = isShared ? memory.open() : undefined;
    for (const integration of this.integrations)
      for (const destination of accounts.keys())
        this.lakes.set(arnOf(integration, destination), new SimulatedLake(lakes[destination]!));
  }

  /** The state, as a person's command has it. */
  get database(): StateDatabase {
    return this.#shared ?? this.#file;
  }

  #file: StateDatabase = memory.open();

  /** What is in the state, past all processes. */
  ask(sql: string, ...values: readonly string[]): readonly Readonly<Record<string, SQLOutputValue>>[] {
    let question = questions.get(sql);
    if (question === undefined) questions.set(sql, (question = memory.connection.prepare(sql)));
    return question.all(...values);
  }

  place(on: number): number {
    return this.isShared ? on : 0;
  }

  integration(to: number): number {
    return this.isShared ? to : 0;
  }

  lake(integration: number, destination: number): SimulatedLake {
    return this.lakes.get(arnOf(integration, destination))!;
  }

  vendor(integration: number): SimulatedVendor {
    return this.vendors[integration]!;
  }

  /** What is at a place; started there if nothing is alive. */
  async process(on: number): Promise<ForwarderProcess> {
    const place = this.place(on);
    const known = this.places[place];
    return known?.isAlive === true ? known : await this.start(place);
  }

  async start(place: number): Promise<ForwarderProcess> {
    const timeline = this.timeline;
    // What the last process had begun is over.
    if (!this.isShared) this.#file = memory.open();
    const started = new ForwarderProcess(
      {
        name: `process-${this.processes.length}`,
        timeline,
        random: this.#random,
        database: this.database,
        isShared: this.isShared,
        read: (process) => this.#read(process),
        lake: (arn) => this.lakes.get(arn)!,
        onArrival: (process, arn, _ids, wasStopped) => this.#arrived(process, arn, wasStopped),
        onStored: (process, arn, id) => this.#stored(process, arn, id),
        onAnswer: (process, arn, ids) => {
          for (const id of ids) this.#known.set(`${arn} ${id}`, process);
        },
        wrap: this.#fault.state ?? ((state) => state),
        wrapSender: this.#fault.sender ?? ((sender) => sender),
      },
      this.#shifts[place]!,
    );
    this.processes.push(started);
    this.places[place] = started;
    started.start();
    await timeline.pass(0);
    return started;
  }

  jump(on: number, ms: number): void {
    const place = this.place(on);
    this.#shifts[place] = ms;
    this.places[place]?.time.jump(ms);
    this.hasJumped = true;
    if (Math.abs(ms) > 1e9) this.hasForgotten = true;
  }

  break(process: ForwarderProcess, fault: StateFault): void {
    const fits = this.isShared ? fault !== "full" : fault !== "away" && fault !== "unanswered";
    process.state.fault = fits ? fault : "broken";
    if (fault === "well") return;
    process.isClean = false;
    for (const { attempts } of this.deliveries)
      for (const attempt of attempts) if (attempt.status === undefined) attempt.isDoubtful = true;
  }

  issue(given: readonly Kind[]): readonly Issued[] {
    return given.map((kind) => issue(kind, kind === "twin" && this.issued > 0 ? this.issued - 1 : this.issued++));
  }

  /** Gives a delivery to a process; whatever becomes of it is written down when it is answered. */
  push(process: ForwarderProcess, delivery: Delivery): void {
    const { integration, records, key, attempts } = delivery;
    const receiver = process.isAlive ? process.daemon?.receiver(pathOf(integration)) : undefined;
    if (receiver === undefined) return;
    const attempt: Attempt = { destinations: undefined, status: undefined, isDoubtful: process.state.fault !== "well" };
    attempts.push(attempt);
    const body = Buffer.from(records.map(({ text }) => `${text}\n`).join(""));
    const headers = new Headers({
      "x-toy-signature": createHmac("sha256", secret).update(body).digest("hex"),
      "x-attempt": `${this.deliveries.indexOf(delivery)} ${attempts.length - 1}`,
    });
    if (key !== undefined) headers.set("x-toy-delivery", key);
    const request = { method: "POST", url: new URL("http://localhost/"), headers, body };
    const given = async () => {
      await process.time.gate();
      const early = await receiver.before(request);
      const { status } = early ?? (await receiver.receive(request, 1_000_000));
      await process.time.gate();
      attempt.status = status;
    };
    void given();
  }

  #read(process: ForwarderProcess): LoadedConfig | undefined {
    const { config } = this;
    if (config === "broken") return undefined;
    const plans = this.integrations.map((integration) => {
      const poll = this.vendor(integration).poll(process, config.destinations);
      return planOf(integration, config, poll, (headers) => {
        const [delivery, attempt] = headers.get("x-attempt")!.split(" ").map(Number);
        this.deliveries[delivery!]!.attempts[attempt!]!.destinations = config.destinations;
      });
    });
    return configOf(plans, config, this.isShared);
  }

  /** No request may come from a forwarder that another has taken over from, unless it was stopped after it had asked. */
  #arrived(process: ForwarderProcess, arn: string, wasStopped: boolean): void {
    if (!this.isShared || wasStopped) return;
    const integration = Number(arn.at(-2));
    const number = "SELECT min(id) FROM integration WHERE name = ?";
    const [lease] = this.ask(`SELECT holder FROM lease WHERE integration = (${number})`, `toy-${integration}`);
    if (lease?.["holder"] !== process.name)
      this.problems.push(`${process.name} sent for toy-${integration}, which ${String(lease?.["holder"])} holds`);
  }

  /** What a process was told that it delivered is sent again only if it could not write that down. */
  #stored(process: ForwarderProcess, arn: string, id: string): void {
    const before = this.#known.get(`${arn} ${id}`);
    if (before?.isClean === true && (before.hasEnded || before === process) && !this.hasForgotten)
      this.problems.push(`${process.name} sent ${id} again that ${before.name} had delivered`);
  }
}
