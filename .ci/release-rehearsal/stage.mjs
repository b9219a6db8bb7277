import { spawn } from "node:child_process";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  symlinkSync,
} from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, delimiter, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

/** No command of a rehearsal takes so long, so one that does hangs. */
const commandMilliseconds = 300_000;
/** `.ci/run` shows the last 60 lines of a failure: the step's log and those of two services fit. */
const shownLines = { step: 34, service: 8 };

/**
 * Where a rehearsal plays: a temporary folder, steps with a log each, and every process that was started. `close` ends the
 * processes and removes the folder.
 */
export function openStage() {
  const opened = performance.now();
  const directory = realpathSync(mkdtempSync(join(tmpdir(), "tributary-rehearsal-")));
  const path = (...names) => join(directory, ...names);
  for (const folder of ["bin", "home", "logs", "tmp"]) mkdirSync(path(folder));
  // Node as the rehearsal's own one, and nothing else of the workspace's tools: what is rehearsed must bring its own.
  symlinkSync(process.execPath, path("bin", "node"));
  const foreign = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((entry) => !/node_modules[/\\]\.bin[/\\]?$/.test(entry));
  const PATH = [path("bin"), ...foreign].join(delimiter);

  const environments = {
    /** The environment of whoever makes a release: with caches, pnpm's store, the configured registry. */
    own: { ...process.env, PATH, DO_NOT_TRACK: "1", TURBO_TELEMETRY_DISABLED: "1" },
    /** A stranger's: a home of its own, so neither caches nor, above all, anybody's right to publish. */
    stranger: { PATH, HOME: path("home"), TMPDIR: path("tmp"), LANG: "C.UTF-8", CI: "true" },
  };

  const groups = new Set();
  const services = [];
  let steps = 0;
  let log;
  let closing;

  /** Starts a command in a process group of its own: npx, npm and shells in between do not hand every signal on. */
  function launch(command, args, { cwd, env }, to) {
    if (closing !== undefined) throw new Error("The rehearsal was interrupted.");
    appendFileSync(to, `$ ${command} ${args.join(" ")}\n`);
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
    if (child.pid !== undefined) groups.add(child.pid);
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => existsSync(to) && appendFileSync(to, text));
    const ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code, signal) => resolve(code ?? signal));
    });
    return { child, ended };
  }

  /** Runs a command to its end and answers its standard output. Throws when it fails. */
  async function run(command, args, { cwd = directory, env = environments.stranger } = {}) {
    const { child, ended } = launch(command, args, { cwd, env }, log);
    let stdout = "";
    child.stdout.on("data", (text) => (stdout += text));
    const timer = setTimeout(() => void endGroup(child.pid), commandMilliseconds);
    const code = await ended;
    clearTimeout(timer);
    await endGroup(child.pid);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}.`);
    return stdout;
  }

  /** Starts a service and waits until `ready`, asked again and again with what it printed so far, answers something. */
  async function start(name, command, args, { cwd = directory, env = environments.stranger, ready }) {
    const file = path("logs", `${name}.log`);
    const { child, ended } = launch(command, args, { cwd, env }, file);
    services.push(file);
    let stdout = "";
    const ends = [];
    child.stdout.on("data", (text) => (stdout += text));
    void ended.then((code) => ends.push(code));
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await wait(50)) {
      if (ends.length > 0) throw new Error(`${name} ended with ${ends[0]} before it was ready.`);
      const value = await ready(stdout);
      if (value !== undefined) return { value, stop: () => endGroup(child.pid) };
    }
    throw new Error(`${name} was not ready within a minute.`);
  }

  /** Asks the processes of a group to end, and ends them after ten seconds. */
  async function endGroup(pid) {
    if (!groups.has(pid)) return;
    signalGroup(pid, "SIGTERM");
    for (let tries = 0; signalGroup(pid, 0) && tries < 200; tries += 1) await wait(50);
    signalGroup(pid, "SIGKILL");
    groups.delete(pid);
  }

  /** Does one step and prints what it does and how long it took. */
  async function step(title, work) {
    steps += 1;
    log = path("logs", `step-${steps}.log`);
    appendFileSync(log, "");
    const started = performance.now();
    process.stdout.write(`${String(steps).padStart(2)}. ${title} ...`);
    try {
      const result = await work();
      process.stdout.write(` ${secondsSince(started)} s\n`);
      return result;
    } catch (error) {
      process.stdout.write(` failed after ${secondsSince(started)} s\n`);
      throw error;
    }
  }

  /** What to show of a failure: what the services said last, the log of the step, the reason. */
  function failure(error) {
    if (closing !== undefined) return "The rehearsal was interrupted.";
    const ofServices = services.map((file) => tail(file, shownLines.service));
    const ofStep = log === undefined ? [] : [tail(log, shownLines.step)];
    return [...ofServices, ...ofStep, error instanceof Error ? error.message : String(error)].join("\n");
  }

  async function closeAll() {
    const started = performance.now();
    await Promise.all([...groups].map(endGroup));
    // There are some 60,000 files: folder by folder at the same time is faster.
    const options = { recursive: true, force: true, maxRetries: 5, retryDelay: 200 };
    await Promise.all(readdirSync(directory).map((name) => rm(path(name), options)));
    await rm(directory, options);
    console.log(`Ended and removed everything in ${secondsSince(started)} s.`);
  }

  return Object.freeze({
    environments,
    path,
    step,
    run,
    start,
    failure,
    seconds: () => secondsSince(opened),
    close: () => (closing ??= closeAll()),
  });
}

/** Whether there was a process of the group to send the signal to. */
function signalGroup(pid, signal) {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

function tail(file, lines) {
  const text = readFileSync(file, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  return `--- the last of ${basename(file)}\n${text}`;
}

function secondsSince(started) {
  return ((performance.now() - started) / 1000).toFixed(1);
}
