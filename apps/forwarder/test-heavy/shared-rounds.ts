import { setTimeout as wait } from "node:timers/promises";
import { tributary } from "../test/support/command.ts";
import { canary, toyAdapter } from "../test/support/running.ts";
import { scene } from "../test/support/scene.ts";
import toy from "../test/support/toy-adapter.ts";
import { type IssuedRecord, Issuer } from "./issued-records.ts";
import { type CountedEnds, deliveredOf, judgeEnds, judgePayloads } from "./judge-ends.ts";
import { type OracleLake, oracleLake } from "./oracle-lake.ts";
import { type OracleVendor, oracleVendor } from "./oracle-vendor.ts";
import type { PostgresServer } from "./postgres-server.ts";
import { SeveralDeliverers } from "./several-deliverers.ts";
import { type SharedForwarder, sharedForwarder } from "./shared-forwarder.ts";
import { readJsonLines } from "../test/support/read-json-lines.ts";

export const integrations = 8;
const takeoverSeconds = 2;
const patienceMs = 60_000;

/** How one of the two, or the database, fails. */
export type Round = "kill" | "freeze" | "postgres" | "term";

export interface SharedRoundsOptions {
  readonly rounds: readonly Round[];
  readonly server: PostgresServer;
  readonly schema: string;
  readonly random: () => number;
  readonly perRound: number;
  /** Of each integration, each with a lake of its own; default: one. */
  readonly destinations?: number | undefined;
  readonly program?: string | undefined;
  readonly env?: Record<string, string> | undefined;
}

export interface SharedVerdict {
  readonly problems: readonly string[];
  readonly records: number;
  /** Rounds in which the victim had something under way. */
  readonly counted: number;
  /** Until the other forwarder held all, ms: of one that was not heard of any more, and of one that was stopped by SIGTERM. */
  readonly takeovers: readonly number[];
  readonly handovers: readonly number[];
  readonly answers: Readonly<Record<string, number>>;
  readonly retryAfter: number;
}

/**
 * Two forwarders share eight integrations, each with a poller and a webhook. In each round one of them is killed, or frozen until the
 * other has taken over and thawed again, or the database crashes; then every payload of each destination is held against what was issued.
 */
export async function sharedRounds(options: SharedRoundsOptions): Promise<SharedVerdict> {
  const { rounds, server, random } = options;
  const place = scene();
  const lakes = await Promise.all(Array.from({ length: options.destinations ?? 1 }, () => oracleLake(random)));
  const vendors = await Promise.all(Array.from({ length: integrations }, () => oracleVendor()));
  const file = place.write("tributary.yaml", configuration(options, lakes, vendors));
  const world = new World(options, lakes, vendors, file);
  try {
    await world.begin();
    for (const round of rounds) await world.round(round);
    return await world.finish();
  } finally {
    await world.end();
    if (!server.isRunning) server.start();
    place[Symbol.dispose]();
  }
}

function configuration(
  { schema }: SharedRoundsOptions,
  lakes: readonly OracleLake[],
  vendors: readonly OracleVendor[],
): string {
  const each = vendors.map(
    ({ url }, n) => `  - name: toy-${n}
    adapter: ${toyAdapter}
    ${channels(lakes, n)}
    poll: {url: "${url}", token: {env: TOKEN}, pollSeconds: 0, pageSize: 25}
    allowPrivate: [127.0.0.1]
    webhook: {path: /hooks/toy-${n}, options: {secrets: [{env: TOKEN}]}}`,
  );
  return `postgres: {url: {env: STATE_URL}, schema: ${schema}, takeoverSeconds: ${takeoverSeconds}}
listen: {host: 127.0.0.1, port: 0}
limits: {parkSeconds: 1, pauseAfter: 0}
integrations:
${each.join("\n")}
`;
}

function channels(lakes: readonly OracleLake[], n: number): string {
  const each = lakes.map(
    ({ endpoint }, at) =>
      `arn: "arn:aws:cloudtrail:us-east-1:111122223333:channel/0c1d2e3f-0000-4000-8000-0000000000${at}${n}", endpoint: "${endpoint}"`,
  );
  if (each.length === 1) return `channel: {${each[0]!}}`;
  return `destinations: [${each.map((one, at) => `{name: lake-${at}, ${one}}`).join(", ")}]`;
}

/** So that something is under way at any moment. */
const slowly = () => wait(20);

class World {
  readonly #options: SharedRoundsOptions;
  readonly #lakes: readonly OracleLake[];
  readonly #vendors: readonly OracleVendor[];
  readonly #configuration: string;
  readonly #env: Record<string, string>;
  readonly #polled: readonly Issuer[];
  readonly #pushed: readonly Issuer[];
  readonly #deliverers: SeveralDeliverers;
  #pair: SharedForwarder[] = [];
  readonly #urls = new Map<SharedForwarder, string>();
  readonly #problems: string[] = [];
  readonly #takeovers: number[] = [];
  readonly #handovers: number[] = [];
  #counted = 0;

  constructor(
    options: SharedRoundsOptions,
    lakes: readonly OracleLake[],
    vendors: readonly OracleVendor[],
    file: string,
  ) {
    const { random, server, env } = options;
    this.#options = options;
    this.#lakes = lakes;
    this.#vendors = vendors;
    this.#configuration = file;
    this.#env = { STATE_URL: server.url, ...env };
    this.#polled = vendors.map((_, n) => new Issuer(toy, "lines", `poll${n}`, random));
    this.#pushed = vendors.map((_, n) => new Issuer(toy, "lines", `push${n}`, random));
    for (const vendor of vendors) vendor.delay = slowly;
    this.#deliverers = new SeveralDeliverers(canary, random, () => [...this.#urls.values()]);
  }

  async begin(): Promise<void> {
    this.#pair = [this.#born(), this.#born()];
    await this.#until("4 and 4", () => this.#holdEvenly());
  }

  async round(kind: Round): Promise<void> {
    const { random, server, perRound } = this.#options;
    const before = this.#stored();
    this.#more(perRound);
    const open = this.#missing();
    // Somewhere within the work.
    const reached = before + open * (0.05 + 0.7 * random());
    await this.#until("some of it is in the lake", () => this.#stored() >= reached);
    if (kind === "postgres") {
      if (this.#isAtWork()) this.#counted++;
      server.stop("immediate");
      this.#more(perRound / 4);
      await wait(1500);
      server.start();
      await this.#until("4 and 4 after the database's crash", () => this.#holdEvenly());
      return;
    }
    const at = random() < 0.5 ? 0 : 1;
    const victim = this.#pair[at]!;
    const other = this.#pair[1 - at]!;
    this.#urls.delete(victim);
    // A page that the victim is given, and has not written when it stands still, is the one that must not be written later.
    const held = kind === "freeze" ? this.#holdPages() : undefined;
    if (held !== undefined) await this.#until("a page under way", () => held.count() > 0 || this.#polledToEnd());
    if (this.#isAtWork()) this.#counted++;
    victim.life.kill(({ kill: "SIGKILL", freeze: "SIGSTOP", term: "SIGTERM" } as const)[kind]);
    const began = Date.now();
    held?.go();
    this.#more(perRound / 4);
    await this.#until("the other holds all", async () => (await other.metric("held")) === integrations);
    (kind === "term" ? this.#handovers : this.#takeovers).push(Date.now() - began);
    if (kind === "term") {
      const { code, signal } = await victim.life.ended;
      if (code !== 0) this.#problems.push(`SIGTERM ended with ${code ?? signal}`);
    }
    if (kind !== "freeze") this.#pair[at] = this.#born();
    else {
      await wait(random() * 500);
      victim.life.kill("SIGCONT");
      void victim.url.then((url) => this.#urls.set(victim, url));
    }
    await this.#until("4 and 4 again", () => this.#holdEvenly());
  }

  async finish(): Promise<SharedVerdict> {
    await this.#deliverers.done();
    await this.#until("all is in the lakes", () => this.#polledToEnd() && this.#missing() === 0);
    // An event that was stored and not named in the answer is sent again.
    await this.#until("nothing is queued", async () => (await this.#pair[0]!.metric("queued")) === 0);
    for (const one of this.#pair) one.life.kill("SIGTERM");
    for (const { life } of this.#pair) {
      const { code, signal, stderr } = await life.ended;
      if (code !== 0) this.#problems.push(`ended with ${code ?? signal}: ${stderr.slice(-800)}`);
      if (stderr.includes(canary) || stderr.includes(this.#options.server.url))
        this.#problems.push("a secret is shown");
    }
    const records = this.#records();
    for (const { stored } of this.#lakes) this.#problems.push(...judgePayloads(records, stored));
    const reports = await this.#reports();
    for (const at of this.#lakes.keys()) {
      const name = this.#lakes.length === 1 ? "" : `lake-${at}`;
      const own = reports.filter(({ destination }) => destination === name);
      this.#problems.push(...judgeEnds(records, own).map((problem) => `${name} ${problem}`));
    }
    return {
      problems: this.#problems,
      records: records.length,
      counted: this.#counted,
      takeovers: this.#takeovers,
      handovers: this.#handovers,
      answers: Object.fromEntries(this.#deliverers.answers),
      retryAfter: this.#deliverers.retryAfter,
    };
  }

  async end(): Promise<void> {
    for (const { life } of this.#pair) life.kill("SIGKILL");
    for (const lake of this.#lakes) await lake.close();
    for (const vendor of this.#vendors) await vendor.close();
  }

  #born(): SharedForwarder {
    const born = sharedForwarder(this.#configuration, { env: this.#env, program: this.#options.program });
    void born.url.then(
      (url) => this.#urls.set(born, url),
      () => undefined,
    );
    void born.life.ended.then(() => this.#urls.delete(born));
    return born;
  }

  #more(perIntegration: number): void {
    for (const [n, vendor] of this.#vendors.entries()) {
      for (const { text } of this.#polled[n]!.issue(perIntegration)) vendor.events.push(text);
      for (let left = perIntegration / 5; left > 0; left -= 5)
        this.#deliverers.push(`/hooks/toy-${n}`, this.#pushed[n]!.issue(5));
    }
  }

  /** Keeps the vendors' answers back until `go`. */
  #holdPages(): { readonly count: () => number; readonly go: () => void } {
    const vendors = this.#vendors;
    let isHeld = true;
    let count = 0;
    for (const vendor of vendors)
      vendor.delay = () => {
        if (!isHeld) return slowly();
        count++;
        return new Promise<void>((resolve) => waiting.push(resolve));
      };
    const waiting: (() => void)[] = [];
    return {
      count: () => count,
      go() {
        isHeld = false;
        for (const resolve of waiting) resolve();
      },
    };
  }

  /** Issued, and not in each lake. */
  #isAtWork(): boolean {
    return this.#missing() > 0;
  }

  /** Events that were issued and are not in a lake, of all lakes. */
  #missing(): number {
    const wanted = this.#wanted();
    return this.#lakes.reduce((sum, { stored }) => sum + wanted.filter((id) => !stored.has(id)).length, 0);
  }

  #stored(): number {
    return this.#lakes.reduce((sum, { stored }) => sum + stored.size, 0);
  }

  #polledToEnd(): boolean {
    return this.#vendors.every(({ readToEnd }) => readToEnd);
  }

  async #holdEvenly(): Promise<boolean> {
    const held = await Promise.all(this.#pair.map((one) => one.metric("held")));
    return held.every((count) => count === integrations / 2);
  }

  #records(): readonly IssuedRecord[] {
    return [...this.#polled, ...this.#pushed].flatMap(({ records }) => records);
  }

  #wanted(): readonly string[] {
    return [...deliveredOf(this.#records()).keys()];
  }

  /** What `status` says of each integration and destination. */
  async #reports(): Promise<readonly CountedEnds[]> {
    const { code, stdout, stderr } = await tributary(["status", "--config", this.#configuration, "--json"], {
      env: { TOKEN: canary, ...this.#env },
    });
    if (code !== 0) this.#problems.push(`status ended with ${code}: ${stderr}`);
    return readJsonLines<CountedEnds>(stdout);
  }

  async #until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    const until = Date.now() + patienceMs;
    while (!(await holds())) {
      if (Date.now() > until) {
        const logs = this.#pair.map(({ lines }) =>
          lines
            .slice(-15)
            .map((line) => JSON.stringify(line))
            .join("\n"),
        );
        throw new Error(`not in ${patienceMs / 1000} s: ${what}\n${logs.join("\n---\n")}`);
      }
      await wait(25);
    }
  }
}
