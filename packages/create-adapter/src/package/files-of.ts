import type { Fixture } from "../fixtures/fixture.ts";
import type { Identity } from "../proposal/identity.ts";
import type { Proposal } from "../proposal/proposal.ts";
import type { SampleFormat } from "../samples/sample-format.ts";
import { adapterFile, adapterId } from "./adapter-id.ts";
import { adapterSource } from "./adapter-source.ts";
import { formatsSource } from "./formats-source.ts";
import { manifest } from "./manifest.ts";
import { readme } from "./readme.ts";
import { testSource } from "./test-source.ts";
import { testTsconfig, tsconfig } from "./tsconfig.ts";

/** Every file of the new package, by its path in it. */
export function filesOf(
  proposal: Proposal,
  identity: Identity,
  format: SampleFormat,
  fixtures: readonly Fixture[],
): ReadonlyMap<string, string> {
  const { name, displayName } = identity;
  const id = adapterId(name);
  const file = adapterFile(name);
  return new Map([
    [".gitignore", "node_modules/\ndist/\n"],
    ["README.md", readme(proposal, identity, format)],
    ["package.json", manifest(name, displayName)],
    ["tsconfig.json", tsconfig],
    ["src/index.ts", `export { ${id}, ${id} as default } from "./${file}.ts";\n`],
    [`src/${file}.ts`, adapterSource(proposal, identity, format)],
    ["src/formats.ts", formatsSource(format)],
    ["test/tsconfig.json", testTsconfig],
    ["test/keeps-the-adapter-contract.test.ts", testSource(id)],
    ...fixtures.flatMap(({ name: fixture, recordFile, record, event }): [string, string][] => [
      [`test/fixtures/${recordFile}`, record],
      [`test/fixtures/${fixture}.event.json`, event],
    ]),
  ]);
}
