import { appendFileSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { canary, config, toy, until } from "../test/support/running.ts";
import { channelArn, scene } from "../test/support/scene.ts";
import toyAdapter from "../test/support/toy-adapter.ts";
import { type IssuedRecord, Issuer } from "./issued-records.ts";
import { judgeLane } from "./judge-lane.ts";
import type { KillMoment } from "./kill-moment.ts";
import type { Lane, LaneOptions } from "./lane.ts";
import { type Life, live, toldErrors } from "./life.ts";
import { oracleBeforeLake } from "./oracle-before-lake.ts";
import { oracleLake } from "./oracle-lake.ts";
import { oracleVendor } from "./oracle-vendor.ts";
import { Pusher } from "./pusher.ts";
import { strikeOf, struckText } from "./strike-of.ts";

/** A process that does nothing for so long is not coming to its moment. */
const quietMs = 400;
/** So long is looked at one whose state fails, and so long may its end take. */
const faultyMs = 3000;

/** `tributary run` with a poller, a webhook and a file, each of which gets new records for every life. */
export async function runLane(perLife: number, options: LaneOptions): Promise<Lane> {
  const { random, program, realLake } = options;
  const place = scene();
  const lake = realLake === true ? await oracleBeforeLake() : await oracleLake(random);
  const refuses = realLake !== true;
  const vendor = await oracleVendor();
  const pusher = new Pusher(canary, random);
  const polled = new Issuer(toyAdapter, "lines", "poll", random, { refuses });
  const pushed = new Issuer(toyAdapter, "lines", "push", random, { refuses });
  const filed = new Issuer(toyAdapter, "lines", "file", random, { repeats: "by place", refuses });
  const file = place.write("in.jsonl", "");
  const sources = `    poll: {url: "${vendor.url}", token: {env: TOKEN}, pollSeconds: 0, pageSize: 25}
    allowPrivate: [127.0.0.1]
    webhook: {path: /hooks/toy, options: {secrets: [{env: TOKEN}]}}
    files: {paths: ["${file}"], format: lines}`;
  const yaml = place.write(
    "tributary.yaml",
    config(toy("toy", lake.endpoint, sources), "parkSeconds: 1, pauseAfter: 0").replace(channelArn, lake.channelArn),
  );
  const argv = ["run", "--config", yaml, "--state", place.statePath, "--log", "json", "--client", "built-in"];
  const problems: string[] = [];

  function more(): void {
    for (const { text } of polled.issue(Math.ceil(perLife / 2))) vendor.events.push(text);
    for (let left = perLife / 4; left > 0; left -= 10) {
      const isClean = random() < 0.3;
      pusher.add(pushed.issue(10, isClean), isClean ? undefined : `delivery-${pusher.deliveries.length}`);
    }
    appendFileSync(
      file,
      filed
        .issue(Math.ceil(perLife / 4))
        .map(({ text }) => `${text}\n`)
        .join(""),
    );
  }

  /** What is unanswered now. */
  function unanswered(): string | undefined {
    const parts = { request: lake.unanswered, page: vendor.unanswered, push: pusher.unanswered };
    const open = Object.entries(parts).flatMap(([name, count]) => (count > 0 ? [name] : []));
    return open.length > 0 ? `unanswered ${open.join(", ")}` : undefined;
  }

  function born(moment: KillMoment | undefined): { readonly life: Life; readonly struck: () => string | undefined } {
    const strike = strikeOf(moment, place.statePath);
    const life = live(argv, { program, env: { TOKEN: canary, ...lake.env, ...options.env }, strike });
    let left = moment !== undefined && "number" in moment ? moment.number : 0;
    let struck: string | undefined;
    const die = (what: string | undefined) => {
      struck ??= what;
      life.kill("SIGKILL");
      return true;
    };
    lake.gate = (point) =>
      life.over || (moment?.at === "request" && moment.point === point && --left === 0 && die(`request ${point}`));
    vendor.gate = (point) =>
      life.over || (moment?.at === "page" && moment.point === point && --left === 0 && die(`page ${point}`));
    pusher.onSent = () => {
      if (moment?.at === "push" && --left === 0)
        if (moment.waitMs === 0) die(unanswered());
        else void wait(moment.waitMs).then(() => die(unanswered()));
    };
    life.onLine((line) => {
      const { message, url } = line.startsWith("{") ? (JSON.parse(line) as { message: string; url?: string }) : {};
      if (message === "listening" && url !== undefined) void pusher.push(url, () => life.over);
    });
    return {
      life,
      struck: () => (life.struckAt === undefined ? struck : struckText(moment, life.struckAt)),
    };
  }

  const isThere = ({ event }: IssuedRecord) => event !== undefined && lake.stored.has(event.id);
  const isDone = () => pusher.idle && vendor.readToEnd;
  const all = (): readonly IssuedRecord[] => [
    ...polled.records,
    ...filed.records,
    // What a sender gave up may be there, wholly, or not at all.
    ...pusher.deliveries.flatMap(({ records, answered }) => {
      return answered || records.some(isThere) ? records : [];
    }),
  ];

  return {
    get records() {
      return polled.records.length + pushed.records.length + filed.records.length;
    },
    async live(moment) {
      more();
      const { life, struck } = born(moment);
      const isFaulty = moment.at === "errors";
      const quiet = async () => {
        const deadline = Date.now() + (isFaulty ? faultyMs : 60_000);
        await until(() => life.over || isDone() || Date.now() > deadline);
        await wait(quietMs);
        if (!life.over) life.kill(isFaulty ? "SIGTERM" : "SIGKILL");
        if (isFaulty) await wait(faultyMs);
        if (!life.over) life.kill("SIGKILL");
      };
      const death = await Promise.race([life.ended, quiet().then(() => life.ended)]);
      if (isFaulty) return toldErrors(death);
      if (death.signal !== "SIGKILL") problems.push(`ended with ${death.code}: ${death.stderr.slice(0, 600)}`);
      await until(() => pusher.unanswered === 0);
      return struck();
    },
    async finish() {
      const { life } = born(undefined);
      const isStored = () =>
        all().every(({ end, event }) => end !== "delivered" || event === undefined || lake.stored.has(event.id));
      const deadline = Date.now() + 30_000;
      let isUp = false;
      life.onLine((line) => (isUp ||= line.includes('"listening"')));
      await until(() => isUp || life.over);
      while (!life.over && !(isDone() && isStored()) && Date.now() < deadline) await wait(50);
      life.kill("SIGTERM");
      const { code, signal, stderr } = await life.ended;
      if (code !== 0) problems.push(`the last one ended with ${code ?? signal}: ${stderr.slice(-600)}`);
      problems.push(
        ...(await judgeLane(all(), (await lake.rows?.()) ?? lake.stored, place.statePath, {
          mayComeAgain: true,
          areRows: realLake === true,
        })),
      );
      return problems;
    },
    async end() {
      await lake.close();
      await vendor.close();
      place[Symbol.dispose]();
    },
  };
}
