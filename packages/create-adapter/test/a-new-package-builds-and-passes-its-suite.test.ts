import { join } from "node:path";
import { expect, test } from "vitest";
import { build, createAdapter, linkDependencies, runSuites, temporary, writeSample } from "./scaffolded.ts";
import { syntheticSamples } from "./synthetic-samples.ts";

test("packages of every kind of sample build, with made-up values and with the samples' own, and pass their suites", () => {
  const place = temporary();
  const made = Object.entries(syntheticSamples).flatMap(([name, sample]) =>
    [[], ["--keep-values"]].map((more) => {
      const samples = writeSample(place, sample.file, sample.text);
      const directory = join(place, more.length === 0 ? name : `${name}-kept`);
      const done = createAdapter(place, name, "--yes", "--samples", samples, "--directory", directory, ...more);
      expect(done.status, `${name}: ${done.stderr}`).toBe(0);
      linkDependencies(directory);
      for (const { status, stdout, stderr } of build(directory)) expect(status, `${name}: ${stdout}${stderr}`).toBe(0);
      return directory;
    }),
  );
  // One run for all, since each start of the test framework takes seconds.
  linkDependencies(place);
  const { status, stdout, stderr } = runSuites(place, ".");
  expect(status, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toContain(`${made.length} passed`);
});

test("a package without a sample, inside somebody's workspace, builds and passes its suite by its own scripts", () => {
  const workspace = temporary();
  writeSample(workspace, "package.json", '{"name":"workspace","private":true,"workspaces":["*"]}');
  writeSample(workspace, "tsconfig.json", '{"compilerOptions":{"strict":false,"module":"commonjs"}}');
  const directory = join(workspace, "packages", "the adapter");
  const display = 'Quo"ted `*/ ${x} \\ | Vendor';
  const options = ["--name", "formats", "-y", "--directory", directory, "--display-name", display];
  const done = createAdapter(workspace, ...options, "--source", "OktaSystemLogEvents");
  expect(done.status, `said: ${done.stderr}`).toBe(0);
  linkDependencies(directory);
  for (const { status, stdout, stderr } of [...build(directory), runSuites(directory, "test")])
    expect(status, `${stdout}${stderr}`).toBe(0);
});
