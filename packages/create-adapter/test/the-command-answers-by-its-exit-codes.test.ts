import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { exitCodes } from "@tributary/create-adapter";
import { expect, test } from "vitest";
import { main } from "../src/main.ts";
import { createAdapter, filesBelow, temporary, writeSample } from "./scaffolded.ts";
import { syntheticSamples } from "./synthetic-samples.ts";

const place = temporary();
const lines = writeSample(place, "lines.ndjson", syntheticSamples["json-lines"]!.text);

test("--help says how, with every exit code and option; --version the version", () => {
  const { status, stdout } = createAdapter(place, "--help");
  expect(status).toBe(exitCodes.ok);
  for (const code of Object.values(exitCodes)) expect(stdout).toMatch(new RegExp(`^  ${code} +`, "m"));
  for (const option of ["name", "display-name", "source", "samples", "directory", "keep-values", "yes"])
    expect(stdout).toContain(`--${option}`);
  expect(createAdapter(place, "--version").stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test.for([
  [["Upper", "--yes"], "lower case letters"],
  [["--yes"], "Give a NAME"],
  [[], "Give a NAME"],
  [["a", "b", "--yes"], "one name"],
  [["a", "--name", "b", "--yes"], "one name"],
  [["a", "--yes", "--source", "okta"], "OktaSystemLogEvents"],
  [["a", "--yes", "--display-name", "two\nlines"], "one line"],
  [["a", "--yes", "--samples", "nothing-there"], "nothing-there"],
  [["a", "--yes", "--nonsense"], "--nonsense"],
  [["a", "--yes", "--samples"], "--samples"],
] as const)("%j is a wrong command line", ([argv, reason]) => {
  const { status, stderr } = createAdapter(place, ...argv);
  expect(status).toBe(exitCodes.usage);
  expect(stderr).toContain(reason);
  expect(existsSync(join(place, "a"))).toBe(false);
});

test("a directory that holds something stays as it is; an empty one and a new repository are taken", () => {
  const full = join(place, "full");
  mkdirSync(full);
  writeSample(full, "mine.txt", "mine");
  const { status, stderr } = createAdapter(place, "full", "--yes");
  expect(status).toBe(exitCodes.directory);
  expect(stderr).toContain("mine.txt");
  expect([...filesBelow(full)]).toEqual([["mine.txt", "mine"]]);
  expect(createAdapter(place, "file", "--yes", "--directory", lines).status).toBe(exitCodes.directory);
  mkdirSync(join(place, "fresh", ".git"), { recursive: true });
  expect(createAdapter(place, "fresh", "--yes").status).toBe(exitCodes.ok);
});

test.for([
  ["nothing.json", ""],
  ["blank.json", "\n \n"],
  ["empty.json", "[]"],
  ["numbers.json", "[1, 2]"],
  ["text.txt", "Dear reader"],
  ["broken.json", '{"a":'],
  ["packed.gz", "\u001f\u008b\u0000"],
  ["header.csv", "a,b\n"],
] as const)("the sample file %s is of no use, and nothing is written", ([file, text]) => {
  const samples = writeSample(place, file, text);
  const { status, stderr } = createAdapter(place, "useless", "--yes", "--samples", samples);
  expect(status).toBe(exitCodes.samples);
  expect(stderr).toMatch(/^create-adapter: /);
  expect(existsSync(join(place, "useless"))).toBe(false);
});

test("what samples may hold is said before it is written, with and without --keep-values", () => {
  expect(createAdapter(place, "warned", "--yes", "--samples", lines).stderr).toContain("secrets");
  const kept = createAdapter(place, "warned-kept", "--yes", "--samples", lines, "--keep-values");
  expect(kept.stderr).toContain("as they are");
  expect(createAdapter(place, "unwarned", "--yes").stderr).toBe("");
});

/** Runs the command with somebody at the terminal who types this. */
async function asked(typed: readonly string[], ...argv: readonly string[]) {
  const stdin = new PassThrough();
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const running = main(argv, { stdin, stdout, stderr, cwd: place, isTerminal: true });
  stdin.write(typed.map((line) => `${line}\n`).join(""));
  stdin.end();
  const status = await running;
  return { status, stdout: String(stdout.read()), stderr: String(stderr.read()) };
}

test("it asks for what no option gives, again where an answer cannot be, and takes an empty answer for the default", async () => {
  const answers = ["Not A Name", "asked", "", "okta", "Snyk", "nothing-there", "lines.ndjson"];
  const { status, stdout } = await asked(answers);
  expect(status, `said: ${stdout}`).toBe(exitCodes.ok);
  expect(stdout).toContain("lower case letters");
  expect(stdout).toContain("There is no source");
  expect(stdout).toContain("There is no file");
  const source = filesBelow(join(place, "asked")).get("src/asked.ts");
  expect(source).toContain('displayName: "Asked"');
  expect(source).toContain('source: "Snyk"');
});

test("--keep-values is asked about, and no is the default", async () => {
  const argv = ["--display-name", "Acme", "--source", "Custom", "--samples", lines, "--keep-values"];
  expect((await asked([""], "kept-no", ...argv)).status).toBe(exitCodes.ok);
  expect([...filesBelow(join(place, "kept-no")).values()].join("")).not.toContain("Gehaltsliste");
  expect((await asked(["maybe", "yes"], "kept-yes", ...argv)).status).toBe(exitCodes.ok);
  expect([...filesBelow(join(place, "kept-yes")).values()].join("")).toContain("Gehaltsliste");
});

test("the end of the input at a question ends it, and nothing is written", async () => {
  const { status, stderr } = await asked(["interrupted"]);
  expect(status).toBe(exitCodes.interrupted);
  expect(stderr).toContain("nothing was written");
  expect(existsSync(join(place, "interrupted"))).toBe(false);
});
