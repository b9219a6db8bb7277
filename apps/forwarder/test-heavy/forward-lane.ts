import { forwardTo } from "../test/support/forward-to.ts";
import lineAdapter from "../test/support/line-adapter.ts";
import { scene } from "../test/support/scene.ts";
import { type IssuedRecord, Issuer } from "./issued-records.ts";
import { judgeLane } from "./judge-lane.ts";
import type { KillMoment } from "./kill-moment.ts";
import type { Lane, LaneOptions } from "./lane.ts";
import { live, toldErrors } from "./life.ts";
import { oracleBeforeLake } from "./oracle-before-lake.ts";
import { oracleLake } from "./oracle-lake.ts";
import { strikeOf, struckText } from "./strike-of.ts";

/** `tributary forward` of a file, and of another one when all of it is delivered. */
export async function forwardLane(records: number, options: LaneOptions): Promise<Lane> {
  const { random, program, realLake } = options;
  const place = scene();
  const lake = realLake === true ? await oracleBeforeLake() : await oracleLake(random);
  const refuses = realLake !== true;
  const issued: IssuedRecord[] = [];
  const problems: string[] = [];
  let files = 0;
  let argv: readonly string[] = [];
  const another = (count: number) => {
    const fresh = new Issuer(lineAdapter, "jsonl", `file${++files}`, random, { repeats: "by count", refuses }).issue(
      count,
    );
    issued.push(...fresh);
    const file = place.write(`in-${files}.jsonl`, fresh.map(({ text }) => `${text}\n`).join(""));
    argv = forwardTo(
      place,
      lake.endpoint,
      "--json",
      "--client",
      "built-in",
      "--pause-after",
      "0",
      "--channel-arn",
      lake.channelArn,
      file,
    );
  };
  another(records);

  async function once(moment?: KillMoment): Promise<string | undefined> {
    const strike = strikeOf(moment, place.statePath);
    const life = live(argv, { program, env: { ...lake.env, ...options.env }, strike });
    let left = moment?.at === "request" ? moment.number : 0;
    let struck: string | undefined;
    lake.gate = (point) => {
      if (struck !== undefined) return true;
      if (moment?.at !== "request" || point !== moment.point || --left !== 0) return false;
      struck = `request ${point}`;
      life.kill("SIGKILL");
      return true;
    };
    const death = await life.ended;
    if (life.struckAt !== undefined) return struckText(moment, life.struckAt);
    if (struck !== undefined) return struck;
    if (moment?.at === "errors" && death.code !== 0 && death.code !== 1)
      return toldErrors(death) ?? `told nothing: ${death.code ?? death.signal} ${death.stderr.slice(0, 300)}`;
    // Dead records end it with 1.
    if (death.code === null || death.code > 1 || !death.stdout.includes('"balanced":true'))
      problems.push(
        `ended with ${death.code ?? death.signal}: ${death.stdout.slice(0, 300)}${death.stderr.slice(0, 500)}`,
      );
    return undefined;
  }

  return {
    get records() {
      return issued.length;
    },
    async live(moment) {
      const struck = await once(moment);
      if (struck === undefined) another(2000);
      return struck;
    },
    async finish() {
      await once();
      problems.push(
        ...(await judgeLane(issued, (await lake.rows?.()) ?? lake.stored, place.statePath, {
          isRepeated: true,
          areRows: realLake === true,
        })),
      );
      return problems;
    },
    async end() {
      await lake.close();
      place[Symbol.dispose]();
    },
  };
}
