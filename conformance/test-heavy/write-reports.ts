// node conformance/test-heavy/write-reports.ts, after a build: writes apps/docs/conformance/reports of every subject at hand: the lake, the forwarder, the adapters, and moto's server
// where it is installed.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { conforms, type Report, totals } from "../src/index.ts";
import { markdownReport } from "../src/report/markdown-report.ts";
import { serverProfiles } from "../src/server/server-profile.ts";
import { commandLine } from "../test/command-line.ts";
import { hasMoto, startMoto } from "./moto.ts";
import { forwarderArguments } from "./own-forwarder.ts";
import { startOwnLake } from "./own-lake.ts";

const root = join(import.meta.dirname, "..", "..");
const folder = join(root, "apps", "docs", "conformance", "reports");
const place = mkdtempSync(join(tmpdir(), "conformance-reports-"));
const profiles = Object.keys(serverProfiles);

interface Subject {
  /** Of the page. */
  readonly file: string;
  readonly title: string;
  readonly about: string;
  readonly reports: readonly (Report & { readonly seconds: number })[];
}

async function report(argv: readonly string[], name: string): Promise<Report & { readonly seconds: number }> {
  const start = performance.now();
  const { text } = await commandLine([...argv, "--name", name, "--json", "--seed", "1"]);
  const made: Report = JSON.parse(text);
  const seconds = Math.round((performance.now() - start) / 1000);
  console.log(`${name}: ${made.profile}, ${seconds} s, ${JSON.stringify(totals(made))}`);
  return { ...made, seconds };
}

async function lake(): Promise<Subject> {
  const { argv, end } = await startOwnLake(place);
  const reports = [];
  // The quotas come last: what they fill stays full.
  const order = [...profiles.filter((one) => one !== "channels"), "channels"];
  for (const profile of order)
    reports.push(
      await report(
        [profile, ...argv, ...(profile === "channels" ? ["--queries", "--quotas"] : []), "--yes", "--strict"],
        "tributary-lake",
      ),
    );
  end();
  const about = "`tributary-lake serve` with two accounts and a session of a role of each.";
  return { file: "lake", title: "The lake", about, reports };
}

async function moto(): Promise<Subject> {
  const { argv, version, end } = await startMoto(place);
  const reports = [];
  for (const profile of profiles) reports.push(await report([profile, ...argv, "--yes"], `moto ${version}`));
  end();
  const about = `The server of [moto](https://docs.getmoto.org/) ${version}, a mock of many services of AWS. Of CloudTrail it has trails, not integrations.`;
  return { file: "moto", title: "moto's server", about, reports };
}

async function adapters(): Promise<Subject> {
  const reports = [];
  for (const name of readdirSync(join(root, "packages", "adapters")))
    reports.push(
      await report(
        [
          "adapter",
          "--adapter",
          join(root, "packages", "adapters", name, "dist", "index.js"),
          "--strict",
          "--runs",
          "100",
        ],
        `@tributary/adapter-${name}`,
      ),
    );
  return { file: "adapters", title: "The adapters", about: "Every adapter of this repository.", reports };
}

async function forwarder(): Promise<Subject> {
  const reports = [await report([...forwarderArguments(place), "--strict"], "tributary forward --adapter okta")];
  return { file: "forwarder", title: "The forwarder", about: "`tributary forward` with the adapter of Okta.", reports };
}

const note = "<!-- Written by node conformance/test-heavy/write-reports.ts. -->";
const page = ({ title, about, reports }: Subject): string =>
  [note, "", `# ${title}`, "", about, "", ...reports.map(markdownReport)].join("\n").trimEnd().concat("\n");

function index(subjects: readonly Subject[]): string {
  const rows = subjects.flatMap(({ file, reports }) =>
    reports.map((one) => {
      const { pass, fail, warn, skip, error } = totals(one);
      const verdict = conforms(one) ? "conforms" : "does not conform";
      return `| [${one.subject}](${file}.md) | ${one.profile} | ${verdict} | ${pass} | ${fail + error} | ${warn} | ${skip} |`;
    }),
  );
  const seconds = subjects[0]?.reports.reduce((sum, one) => sum + one.seconds, 0);
  return `${note}

# Reports

What the suite says of subjects at hand; \`node conformance/test-heavy/write-reports.ts\` runs it on all of them and writes these pages. A subject that is not
ours is held to what AWS documents and clients depend on (MUST, OBSERVED); ours to our readings (SHOULD), too.

On the lake the profiles of a server took ${seconds} s together, on two cores.

| subject | profile | | pass | fail | warn | not claimed |
|---|---|---|---|---|---|---|
${rows.join("\n")}
`;
}

const subjects = [await lake(), await forwarder(), await adapters(), ...(hasMoto ? [await moto()] : [])];
mkdirSync(folder, { recursive: true });
for (const subject of subjects) writeFileSync(join(folder, `${subject.file}.md`), page(subject));
if (hasMoto) writeFileSync(join(folder, "README.md"), index(subjects));
else console.log("moto's server is not installed: its page, and the index, stay as they are.");
rmSync(place, { recursive: true, force: true });
