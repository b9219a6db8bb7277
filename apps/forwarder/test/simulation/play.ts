import { askReplay } from "../../src/state/ask-replay.ts";
import { discardLetters } from "../../src/state/discard-letters.ts";
import { none, type Fault } from "./fault.ts";
import { judge } from "./judge.ts";
import { polledOf } from "./polled-of.ts";
import type { Command, Script } from "./script.ts";
import { type Delivery, World } from "./world.ts";

/** Plays a script to a world, lets all faults end and the queues drain, and judges what came of it. Throws what is wrong. */
export async function play(script: Script, fault: Fault = none): Promise<World> {
  const world = new World(script, fault);
  try {
    await world.process(0);
    await world.process(1);
    for (const command of script.commands) {
      await obey(world, command);
      await world.timeline.pass(0);
    }
    await calm(world);
    await drain(world);
    await endAll(world);
    if (script.seed % 8 === 0 && !world.hasForgotten) await restart(world);
    if (world.problems.length > 0) throw new Error(world.problems.join("\n"));
    await judge(world);
    return world;
  } finally {
    for (const process of world.processes) process.time.die();
    await world.timeline.pass(0);
  }
}

async function obey(world: World, command: Command): Promise<void> {
  switch (command.do) {
    case "push": {
      const process = await world.process(command.on);
      const integration = world.integration(command.to);
      const key = command.isKeyed ? `delivery-${world.deliveries.length}` : undefined;
      const delivery: Delivery = { integration, records: world.issue(command.kinds), key, attempts: [] };
      world.deliveries.push(delivery);
      return world.push(process, delivery);
    }
    case "push again": {
      const process = await world.process(command.on);
      const delivery = world.deliveries.findLast(({ integration }) => integration === world.integration(command.to));
      return delivery && world.push(process, delivery);
    }
    case "publish":
      return void world.vendor(world.integration(command.to)).published.push(...world.issue(command.kinds));
    case "vendor":
      world.vendor(world.integration(command.to)).mood = command.mood;
      return;
    case "lake":
      world.lake(world.integration(command.to), command.destination).acts = command.acts;
      return;
    case "state":
      return world.break(await world.process(command.on), command.fault);
    case "aim":
      return (await world.process(command.on)).aim(command.after, command.strike, command.isAfter);
    case "strike":
      return (await world.process(command.on)).strike(command.strike);
    case "continue":
      return world.places[world.place(command.on)]?.time.continue();
    case "stand still": {
      const process = await world.process(command.on);
      process.strike(command.strike);
      await world.timeline.pass(command.ms);
      return process.time.continue();
    }
    case "jump":
      return world.jump(command.on, command.ms);
    case "reload": {
      world.config = command.to;
      return (await world.process(command.on)).reload();
    }
    case "stop":
      return (await world.process(command.on)).stop(command.drainSeconds);
    case "start":
      return void (await world.process(command.on));
    case "replay":
      return void askReplay(world.database, {}, world.timeline.now);
    case "discard":
      world.hasDiscarded = true;
      return void discardLetters(world.database, {}, "Not wanted.", world.timeline.now);
    case "wait":
      return await world.timeline.pass(command.ms);
  }
}

/** All faults end, and the configuration is whole. */
async function calm(world: World): Promise<void> {
  world.config = world.whole;
  for (const vendor of world.vendors) vendor.mood = "well";
  for (const lake of world.lakes.values()) lake.acts = ["take"];
  for (const process of world.processes) {
    process.disarm();
    process.state.fault = "well";
    process.time.continue();
  }
  // Those that start, or stop, or read their configuration are given the time.
  const isAtRest = () => world.processes.every(({ isBusy }) => !isBusy);
  await until(world, isAtRest);
  const process = await world.process(0);
  for (const one of world.places) one?.reload();
  await until(world, isAtRest);
  for (const integration of world.integrations)
    world.deliveries.push({ integration, records: world.issue(["good"]), key: undefined, attempts: [] });
  // Senders give again what was not taken.
  const open = world.deliveries.filter(({ attempts }) => attempts.every(({ status }) => status !== 200));
  for (const delivery of open) world.push(process, delivery);
  await until(world, () => open.every(({ attempts }) => attempts.at(-1)?.status !== undefined));
  for (const { attempts } of open)
    if (attempts.at(-1)?.status !== 200)
      throw new Error(`When all is well a push is answered ${String(attempts.at(-1)?.status)}.`);
}

/** More than anything waits for: up to 16 s between two tries, up to a minute for an answer. */
const patienceMs = 300_000;

/** Lets time pass until something is so, ever more of it at once. Answers whether it is. */
async function until(world: World, isSo: () => boolean): Promise<boolean> {
  for (let passed = 0, ms = 50; passed < patienceMs; passed += ms, ms = Math.min(2 * ms, 4000)) {
    if (isSo()) return true;
    await world.timeline.pass(ms);
  }
  return isSo();
}

async function drain(world: World): Promise<void> {
  if (await until(world, () => isDrained(world))) return;
  // What waits for a person is looked at.
  for (const process of world.places) process?.reload();
  if (await until(world, () => isDrained(world))) return;
  const queued = world.ask("SELECT id, integration, open FROM chunk WHERE open <> 0");
  throw new Error(`The queue did not drain: ${JSON.stringify(queued)}.`);
}

function isDrained(world: World): boolean {
  return (
    world.ask("SELECT 1 FROM chunk WHERE open <> 0 UNION ALL SELECT 1 FROM asked").length === 0 &&
    world.integrations.every((integration) => world.vendor(integration).isRead(polledOf(world, integration)))
  );
}

/** Ends every process: with nothing queued none leaves anything. */
async function endAll(world: World): Promise<void> {
  const alive = world.processes.filter(({ isAlive }) => isAlive);
  for (const process of alive) process.stop(25);
  await until(world, () => alive.every(({ hasEnded }) => hasEnded));
  for (const { name, hasEnded, left } of alive)
    if (!hasEnded || left !== 0)
      throw new Error(`${name} ${hasEnded ? `left ${String(left)} records` : "did not end"} with nothing queued.`);
}

/** Another start finds nothing to do. */
async function restart(world: World): Promise<void> {
  const look = () =>
    JSON.stringify(
      world.ask(
        `SELECT (SELECT count(*) FROM sent) AS sent, (SELECT count(*) FROM receipt) AS requests,
          (SELECT count(*) FROM exception) AS exceptions, (SELECT count(*) FROM spool) AS spooled`,
      ),
    );
  const before = look();
  await world.start(0);
  await world.timeline.pass(3000);
  await endAll(world);
  if (look() !== before) throw new Error(`Another start changed the state from ${before} to ${look()}.`);
}
