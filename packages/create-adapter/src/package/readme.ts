import type { Identity } from "../proposal/identity.ts";
import type { Guess, Proposal } from "../proposal/proposal.ts";
import { quoted } from "../proposal/quoted.ts";
import type { SampleFormat } from "../samples/sample-format.ts";
import { packageName } from "./manifest.ts";

/** README.md of the new package. */
export function readme(proposal: Proposal, { name, displayName, source }: Identity, format: SampleFormat): string {
  return `# ${packageName(name)}

${displayName} audit records as CloudTrail Lake events, source \`${source}\`, by [Tributary](https://github.com/tributary-lake/tributary).

The mapping is a proposal made from ${proposal.samples === 1 ? "one sample record" : `${proposal.samples} sample records`}. Look for \`TODO\` in \`src\`.

## What it reads

| format | holds |
|---|---|
${formatRow(format)}

## Mapping

| eventData | from |
|---|---|
${mapping(proposal, name)
  .map(([member, from]) => `| ${member} | ${from} |`)
  .join("\n")}

The event's \`id\` is ${proposal.id === undefined ? "" : `${cell(quoted(proposal.id.path))}, else `}a digest of the record and of how many equal ones came before.
A record that cannot be mapped is refused with a code: \`RECORD_NOT_RECOGNISED\`, \`TIME_UNREADABLE\` and the others of adapter-kit.

## Work on it

\`\`\`sh
npm install
npm test
npm run build
\`\`\`

\`test/fixtures\` holds pairs: \`name.record.*\` is what the vendor writes, \`name.event.json\` what becomes of it. Add one for each kind of
record and each failure, named for its case. After a change of the mapping let the suite write the second files again, and read the diff:

\`\`\`sh
TRIBUTARY_FIXTURES=update npm test
\`\`\`

Fixtures are published with the source: keep secrets and personal data out of them.

## Use it

\`\`\`sh
tributary preview --adapter ./dist/index.js FILE
tributary forward --adapter ./dist/index.js --channel-arn CHANNEL_ARN FILE
\`\`\`

## Publish it

Choose a licence in \`package.json\` (\`UNLICENSED\` gives nobody a right), a \`repository\`, and a name of yours; then \`npm publish\`.
`;
}

function mapping(proposal: Proposal, name: string): readonly (readonly [string, string])[] {
  const { times, action, actors, actorType, details, id, addresses, agent, rest } = proposal;
  return [
    ["version", "`1`"],
    ["userIdentity.type", chain([actorType], actors.length === 0 ? "`Unknown`" : "`User`")],
    ["userIdentity.principalId", chain(actors, "`unknown`")],
    ...(details.length === 0
      ? []
      : [["userIdentity.details", details.map((path) => cell(quoted(path))).join(", ")] as const]),
    ...(agent === undefined ? [] : [["userAgent", chain([agent])] as const]),
    ["eventSource", `\`${name}\``],
    ["eventName", chain([action], `\`${name}.event\``)],
    ["eventTime", times.length === 0 ? "the time of receipt" : `${chain(times)}; the original stays in ${rest}`],
    ["UID", chain([id], "the event's id")],
    ...(addresses.length === 0 ? [] : [["sourceIPAddress", `${chain(addresses)}, where it is an address`] as const]),
    [rest, "everything else, at its own path"],
  ];
}

/** Members in the order they are asked, and what stands where none has a value. */
function chain(guesses: readonly (Guess | undefined)[], otherwise?: string): string {
  const asked = guesses.flatMap((guess) => (guess === undefined ? [] : [cell(quoted(guess.path))]));
  return [...asked, ...(otherwise === undefined ? [] : [otherwise])].join(", else ");
}

const cell = (text: string) => text.replaceAll("|", "\\|");

function formatRow(format: SampleFormat): string {
  if (format.kind === "ndjson") return "| `ndjson` | one record in a line |";
  if (format.kind === "csv") return "| `csv` | a header row, then a record in each row |";
  if (format.kind === "cef") return "| `cef` | one CEF event in a line, with or without a syslog header |";
  return format.pointer.length === 0
    ? "| `json` | arrays of records, and documents one after the other |"
    : `| \`json\` | documents with the records in the array at ${cell(quoted(format.pointer))} |`;
}
