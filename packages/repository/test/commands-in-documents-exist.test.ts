import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { commandsOf, documents, inlineCode, parseDocument } from "./documents.ts";
import { packages, root, type Manifest } from "./workspace.ts";

const help = (app: string, ...args: readonly string[]): string =>
  spawnSync(process.execPath, [join(root, app), ...args, "--help"], { encoding: "utf8" }).stdout;
const forwarder = "apps/forwarder/bin/tributary.js";
const helpTexts = new Map<string, string>();
const forwarderHelp = (command: string): string => {
  const known = helpTexts.get(command) ?? help(forwarder, ...(command === "" ? [] : [command]));
  helpTexts.set(command, known);
  return known;
};
const lakeHelp = help("apps/lake/dist/cli.js");
const quickstartHelp = help("apps/quickstart/dist/main.js");
const manifests = new Map(packages().map(({ path, manifest }) => [path, manifest]));
const scripts = (path: string): readonly string[] => {
  const top = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
  return Object.keys({ ...top.scripts, ...manifests.get(path)?.scripts });
};

/** The commands of the lake's help; `key disable | enable` are two. */
function commandsOfLake(text: string): readonly string[] {
  return [...text.matchAll(/^ {2}tributary-lake ([a-z |-]+?) --/gm)].flatMap((match) => {
    const [first = "", ...others] = match[1]!.split(" | ");
    const group = first.slice(0, first.lastIndexOf(" ") + 1);
    return [first, ...others.map((other) => group + other)];
  });
}

/** What is wrong with a command line, or undefined; also for lines that are no business of ours. */
function flaw(line: string, folder: string): string | undefined {
  const words = line.replace(/^(?:[A-Z_]+=\S* +)+/, "").split(/\s+/);
  const [program, first = "", second = ""] = words;
  const options = words.filter((word) => /^--[a-z]/.test(word)).map((word) => word.split("=")[0]!);
  const unknown = (text: string) => options.find((option) => !new RegExp(`${option}\\b(?!-)`).test(text));
  if (program === "npm" && (first === "start" || first === "test" || (first === "run" && /^[a-z]/.test(second)))) {
    const script = first === "run" ? second : first;
    if (!scripts(folder).includes(script)) return `no script ${script}`;
    return script === "start" ? unknown(quickstartHelp) : undefined;
  }
  if (program === "tributary") {
    if (first === "" || first === "COMMAND" || first.startsWith("-")) return undefined;
    if (!forwarderHelp("").includes(`\n  ${first} `)) return `no command ${first}`;
    const text = forwarderHelp(first);
    if (first === "dlq" && second !== "" && !second.startsWith("-") && !text.includes(`tributary dlq ${second}`))
      return `no command dlq ${second}`;
    return unknown(`${text} --help`);
  }
  if (program === "tributary-lake") {
    const rest = words.slice(1);
    const end = rest.findIndex((word) => word.startsWith("-"));
    const named = rest.slice(0, end < 0 ? rest.length : end).join(" ");
    if (named !== "" && !commandsOfLake(lakeHelp).includes(named)) return `no command ${named}`;
    return unknown(lakeHelp);
  }
  return undefined;
}

const lines = documents().flatMap((document) => {
  const ofBlocks = document.blocks.filter(({ language }) => /^(sh|bash|console|)$/.test(language)).flatMap(commandsOf);
  return [...ofBlocks, ...inlineCode(document)].map((line) => ({ document: document.path, line }));
});

test("a wrong command is found", () => {
  const block = parseDocument("x.md", "```sh\n$ tributary forward \\\n  --adapter okta --nonsense\n```\n").blocks[0]!;
  expect(commandsOf(block)).toEqual(["tributary forward --adapter okta --nonsense"]);
  expect(flaw("tributary forward --adapter okta --nonsense", ".")).toBe("--nonsense");
  expect(flaw("tributary fly", ".")).toBe("no command fly");
  expect(flaw("tributary dlq drop", ".")).toBe("no command dlq drop");
  expect(commandsOfLake("  tributary-lake a b | c --data\n  tributary-lake d --data")).toEqual(["a b", "a c", "d"]);
  expect(flaw("tributary-lake mend --data x", ".")).toBe("no command mend");
  expect(flaw("tributary-lake serve --dat x", ".")).toBe("--dat");
  expect(flaw("npm run nothing", ".")).toBe("no script nothing");
  expect(flaw("npm start -- --twice", ".")).toBe("--twice");
});

test("every command that a document names exists, and so do its options", () => {
  const ours = lines.filter(({ line }) => /^(npm (start|test|run)|tributary(-lake)?\b)/.test(line));
  expect(ours.length).toBeGreaterThan(20);
  const wrong = ours
    .map((one) => ({ ...one, flaw: flaw(one.line, dirname(one.document)) }))
    .filter((one) => one.flaw !== undefined);
  expect(wrong).toEqual([]);
});

test("every option that a document names by itself is one of a command line", () => {
  const texts = [
    lakeHelp,
    quickstartHelp,
    ...[
      "",
      "forward",
      "run",
      "init",
      "check",
      "status",
      "preview",
      "put",
      "checksum",
      "adapters",
      "dlq",
      "ledger",
      "backfill",
      "integration",
      "doctor",
    ].map(forwarderHelp),
    benchOptions(),
  ];
  const ownDocuments = /^(README\.md|apps\/)/;
  const wrong = lines
    .filter(({ document, line }) => ownDocuments.test(document) && line.startsWith("--"))
    .filter(({ line }) => !texts.some((text) => text.includes(line.split(/[ =]/)[0]!)));
  expect(wrong).toEqual([]);
});

/** The options of the benchmarks, as a command line spells them. */
function benchOptions(): string {
  const sources = ["lake", "forwarder"].map((app) => readFileSync(join(root, "apps", app, "bench/main.ts"), "utf8"));
  return [...sources.join("\n").matchAll(/^ +([a-z]+): \{ type: /gm)].map(([, name]) => `--${name}`).join(" ");
}
