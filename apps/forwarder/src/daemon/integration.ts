import type { IntegrationPlan } from "../config/integration-plan.ts";
import type { Sender } from "../delivery/sender.ts";
import { sureSender } from "../delivery/sure-sender.ts";
import { vendorNetwork } from "../network/vendor-network.ts";
import { Backfills } from "../state/backfills.ts";
import { type IntegrationNumbers, integrationNumbers } from "../state/integration-numbers.ts";
import { IntegrationStore } from "../state/integration-store.ts";
import { leaseLost } from "../state/lease-lost.ts";
import type { StateTransaction } from "../state/state-database.ts";
import { Backfiller } from "./backfiller.ts";
import { budgeted } from "./budgeted.ts";
import { Destination } from "./destination.ts";
import { Destinations } from "./destinations.ts";
import { Followers } from "./followers.ts";
import { Intake } from "./intake.ts";
import type { IntegrationWorld } from "./integration-world.ts";
import { Holding } from "./holding.ts";
import type { IntegrationStatus } from "./integration-status.ts";
import type { Parking } from "./parking.ts";
import { Poller } from "./poller.ts";
import { BulkReceiver } from "../bulk/bulk-receiver.ts";
import { Receiver } from "./receiver.ts";
import { every } from "./every.ts";
import { Troubles } from "./troubles.ts";

/** How often the holder looks for what was pushed to other forwarders. */
const queueLookMs = 1000;

/**
 * A running integration. What is pushed is written to the state at any time; its poller, its files and its delivery run while this
 * process holds it. Sources write to the state, the delivery reads from there, and neither stops the other.
 */
export class Integration {
  /** In the state. */
  readonly number: number;
  readonly plan: IntegrationPlan;
  readonly receiver: Receiver | undefined;
  readonly bulk: BulkReceiver | undefined;
  readonly intake: Intake;
  readonly #world: IntegrationWorld;
  readonly #destinations: Destinations;
  readonly #poller: Poller | undefined;
  readonly #followers: Followers;
  readonly #backfiller: Backfiller;
  readonly #parkings: Readonly<Record<"poll" | "files" | "s3", Parking>>;
  readonly #network: ReturnType<typeof vendorNetwork>;
  readonly #stopIntake = new AbortController();
  readonly #troubles: Troubles;
  #holding: Holding | undefined;

  /** @param numbers of the integration in the state, and of its destinations */
  private constructor(
    plan: IntegrationPlan,
    world: IntegrationWorld,
    numbers: IntegrationNumbers,
    senders: readonly Sender[],
  ) {
    const { database, clock, random, limits, leases } = world;
    const { intake, destinations } = numbers;
    this.plan = plan;
    this.number = intake;
    this.#world = world;
    this.#troubles = new Troubles(plan.name, world);
    const tracing = world.tracing?.of(plan.name);
    const horizon = { days: limits.rememberDays, rows: limits.rememberEvents };
    const fence = leases && ((transaction: StateTransaction) => leases.check(transaction, intake, this.#epoch()));
    const openIntake = (store: IntegrationStore) =>
      new Intake({
        adapter: plan.adapter,
        store,
        clock,
        tracing,
        queuedEvents: limits.queuedEvents,
        backlog: async () => Math.max(...(await this.#destinations.backlogs())),
        onStored: () => this.#destinations.wake(),
      });
    const store = new IntegrationStore(database, intake, horizon, { destinations, fence });
    this.intake = openIntake(store);
    const { sources } = store;
    this.#parkings = {
      poll: this.#troubles.parking("poll", sources),
      files: this.#troubles.parking("files", sources),
      s3: this.#troubles.parking("s3", sources),
    };
    const opened = plan.destinations.map((destination, index) => {
      const openStore = () => new IntegrationStore(database, destinations[index]!, horizon, { fence });
      const sender = senders[index]!;
      return new Destination({
        plan,
        destination,
        openStore,
        tracing,
        room: world.room,
        onDamage: (damage) => this.#troubles.damaged(damage),
        sender: leases === undefined ? sender : sureSender(sender, () => this.#sure()),
        parking: this.#troubles.parking("channel", openStore().sources, destination.name),
        clock,
        random,
        concurrency: limits.concurrency,
        pauseAfter: limits.pauseAfter,
        backOff: world.backOff,
      });
    });
    this.#destinations = new Destinations(opened);
    const { allowPrivate, onlyKnownNames } = plan;
    this.#network = vendorNetwork({ ...world.network, allowPrivate, onlyKnownNames });
    const send = budgeted(this.#network.send, plan.poll?.poll.requestsPerMinute, clock);
    const common = { plan, intake: this.intake, send, clock, random };
    if (plan.poll !== undefined)
      this.#poller = new Poller(
        {
          ...common,
          parking: this.#parkings.poll,
          onTrouble: (reason, waitMs) => this.#troubles.waits(reason, waitMs),
        },
        plan.poll,
      );
    this.#followers = new Followers({
      plan,
      intake: this.intake,
      clock,
      parkings: this.#parkings,
      onProblem: (part, error, name) => this.fault(error, part, name),
      onOver: (part, code) => this.#troubles.over(part, sources, code),
    });
    if (plan.bulk !== undefined)
      this.bulk = new BulkReceiver({
        adapter: plan.adapter,
        bulk: plan.bulk,
        intake: this.intake,
        clock,
        onFault: (error) => this.fault(error, "bulk"),
      });
    this.#backfiller = new Backfiller({
      ...common,
      backfills: new Backfills(database),
      openIntake: (backfill) =>
        openIntake(new IntegrationStore(database, intake, horizon, { destinations, reader: -backfill, fence })),
      onChange: ({ id }, what) => this.#troubles.log("info", `backfill ${id} ${what}`),
    });
    if (plan.webhook !== undefined)
      this.receiver = new Receiver({
        ...common,
        webhook: plan.webhook,
        signal: this.#stopIntake.signal,
        onFault: (error) => this.fault(error, "webhook"),
      });
  }

  /** Opens and starts an integration. */
  static async start(plan: IntegrationPlan, world: IntegrationWorld): Promise<Integration> {
    const numbers = await integrationNumbers(world.database, plan);
    const senders = await Promise.all(plan.destinations.map((destination) => world.openSender(destination)));
    const integration = new Integration(plan, world, numbers, senders);
    if (world.leases === undefined) integration.hold(0);
    return integration;
  }

  get holding(): Holding | undefined {
    return this.#holding;
  }

  /**
   * Starts what runs while this process holds it. Not before an earlier holding has ended. Nothing once it was stopped: the answer
   * to a claim may come after a reload has put another in its place, which is held at the next beat.
   */
  hold(epoch: number): void {
    if (this.#stopIntake.signal.aborted) return;
    this.#holding = new Holding(epoch, {
      sources: (signal) => this.#readSources(signal),
      deliver: (finish, deadline) => this.#destinations.run(finish, deadline),
    });
  }

  /** Lets open requests end, sends nothing more, and resolves when all that ran while it was held has ended. */
  async letGo(): Promise<void> {
    const holding = this.#holding;
    await holding?.end(AbortSignal.abort());
    await holding?.ended;
    if (this.#holding === holding) this.#holding = undefined;
  }

  /** Ends what waits after a refusal: it is tried again now. */
  release(): void {
    for (const parking of [...Object.values(this.#parkings), this.#destinations]) parking.release();
  }

  /**
   * Ends the sources, then sends what is queued. Resolves when all of it is sent, or the channel refuses, or the deadline
   * aborts; what is left stays queued. Answers how many records that are.
   */
  async stop(deadline: AbortSignal): Promise<number> {
    this.#stopIntake.abort();
    await this.#holding?.end(deadline);
    this.#destinations.close();
    this.#network.close();
    return (await this.#destinations.backlogs()).reduce((sum, queued) => sum + queued, 0);
  }

  async status(): Promise<IntegrationStatus> {
    const { plan } = this;
    const now = this.#world.clock.now();
    const parked = Object.entries(this.#parkings).flatMap(([part, { reason }]) =>
      reason === undefined ? [] : [{ part, ...reason }],
    );
    return {
      name: plan.name,
      adapter: plan.adapter.name,
      destinations: await this.#destinations.status(),
      stored: this.intake.stored,
      isHeld: this.#holding !== undefined,
      parked,
      troubles: this.#troubles.counts,
      pages: this.#poller?.pages,
      cursorAgeSeconds: this.#poller?.pageAt === undefined ? undefined : Math.round((now - this.#poller.pageAt) / 1000),
      deliveries: this.receiver?.counts,
      bulk: this.bulk?.counts,
      ...this.#followers.counts,
    };
  }

  #readSources(signal: AbortSignal): Promise<unknown> {
    const { clock, backfillsOnly = false } = this.#world;
    const sources: Promise<unknown>[] = [this.#backfiller.run(signal), ...this.#destinations.watch(signal)];
    // What other forwarders were given, nobody here is told of.
    if (this.#world.leases !== undefined)
      sources.push(every(queueLookMs, () => this.#destinations.wake(), clock, signal));
    if (this.#poller !== undefined && !backfillsOnly) sources.push(this.#poller.run(signal));
    if (!backfillsOnly) sources.push(this.#followers.run(signal));
    return Promise.all(sources);
  }

  #epoch(): number {
    if (this.#holding === undefined) throw leaseLost();
    return this.#holding.epoch;
  }

  /** Whether a request may be sent: another forwarder may hold the integration by now. */
  async #sure(): Promise<void> {
    await this.#world.leases?.sure();
    if (this.#holding === undefined || this.#holding.isEnding) throw leaseLost();
  }

  /** What a person may have to look at, and stops nothing. */
  fault(error: unknown, part: string, file?: string): void {
    this.#troubles.fault(error, part, this.intake.store.sources, file);
  }
}
