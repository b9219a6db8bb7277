import type { Identity } from "../proposal/identity.ts";
import type { Guess, Path, Proposal } from "../proposal/proposal.ts";
import { quoted } from "../proposal/quoted.ts";
import { recogniserOf } from "../proposal/recogniser.ts";
import type { SampleFormat } from "../samples/sample-format.ts";
import { adapterId } from "./adapter-id.ts";
import { literal, memberName, steps } from "./literal.ts";
import { schemaSource } from "./schema-source.ts";

/** The mapping as source: what proposal/adapter-of.ts does, each guess with its reason, the unsure ones marked for the author. */
export function adapterSource(proposal: Proposal, identity: Identity, format: SampleFormat): string {
  const { name, displayName, source } = identity;
  const cef = format.kind === "cef";
  const body = `
/** What makes a record one of ${comment(displayName)}'s. Require no more: a member of a surprising type then stays in the rest. */
const AuditRecord = ${schemaSource(recogniserOf(proposal))};

/**
 * Audit records of ${comment(displayName)}. A first mapping, proposed from ${counted(proposal.samples)} by the names of
 * members and the forms of their values; each comment says why. Read it, mend it, then rename the fixtures for their cases.
 */
export const ${adapterId(name)} = defineAdapter({
  name: ${literal(name)},
  source: ${literal(source)},
  displayName: ${literal(displayName)},
  record: AuditRecord,
  countsOccurrences: true,
  formats,

${idSource(proposal, name)}

  toEvent: (record, { id${usesReceipt(proposal, cef) ? ", origin" : ""} }) => {
    const take = taking(record);
    return {
      version: "1",
      userIdentity: {
${lines(8, actorSource(proposal))}
      },
${lines(6, [
  ...agentSource(proposal),
  "// TODO: the vendor's domain or product is usual here.",
  `eventSource: ${literal(name)},`,
  ...actionSource(proposal, name),
  ...timeSource(proposal, cef),
  `UID: ${proposal.id === undefined ? "id" : `take.text(${steps(proposal.id.path)}) ?? id`},`,
  ...outcomeSource(proposal),
  ...addressSource(proposal),
  `// Everything that has no other place, each member at its own path; ${proposal.rest === "requestParameters" ? "100" : "28"} kB at most.`,
  `${proposal.rest}: take.rest(),`,
])}
    };
  },
});
`;
  return `${imports(body, cef)}${body}`;
}

const lines = (indent: number, all: readonly string[]) => all.map((line) => `${" ".repeat(indent)}${line}`).join("\n");
const counted = (samples: number) => (samples === 1 ? "one sample record" : `${samples} sample records`);
const comment = (text: string) => text.replaceAll("*/", "* /");

/** The reason of a guess as a comment; an unsure one asks the author to look. */
function reason(what: string, guess: Guess): readonly string[] {
  return commentLines(`${guess.isSure ? "" : "TODO: check. "}${what}: ${guess.why}`);
}

/** A text as lines of comment, none much longer than 110 characters. */
function commentLines(text: string): readonly string[] {
  const all: string[] = [];
  for (const word of text.split(" ")) {
    const last = all.at(-1);
    if (last === undefined || last.length + word.length > 105) all.push(`// ${word}`);
    else all[all.length - 1] = `${last} ${word}`;
  }
  return all;
}

function idSource({ id }: Proposal, name: string): string {
  if (id === undefined)
    return lines(2, [
      "// TODO: check. No member looks like an id of the record's own: the id is a digest of its content and of how many equal",
      "// records came before.",
      `eventId: (record, { origin }) => contentId(record, origin.occurrence, ${literal(name)}),`,
    ]);
  return lines(2, [
    ...reason("The id", id),
    "// A record without one gets a digest of its content and of how many equal ones came before.",
    "eventId: (record, { origin }) => {",
    `  const own = textAt(record, ${steps(id.path)});`,
    `  return own === undefined ? contentId(record, origin.occurrence, ${literal(name)}) : idFrom(own);`,
    "},",
  ]);
}

function actorSource({ actors, actorType, details }: Proposal): readonly string[] {
  if (actors.length === 0)
    return ["// TODO: no member looks like the one who acted.", 'type: "Unknown",', 'principalId: "unknown",'];
  const chain = actors.map(({ path }) => `take.text(${steps(path)})`);
  return [
    actorType === undefined ? 'type: "User",' : `type: take.text(${steps(actorType.path)}) ?? "User",`,
    ...actors.flatMap((guess) => reason("Who acted", guess)),
    `principalId: ${[...chain, '"unknown"'].join(" ?? ")},`,
    ...(details.length === 0
      ? []
      : [
          "details: compact({",
          ...details.map((path) => `  ${memberName(path.at(-1) ?? "")}: take.value(${steps(path)}),`),
          "}),",
        ]),
  ];
}

function agentSource({ agent }: Proposal): readonly string[] {
  return agent === undefined ? [] : [...reason("The user agent", agent), `userAgent: take.text(${steps(agent.path)}),`];
}

function actionSource({ action }: Proposal, name: string): readonly string[] {
  const otherwise = literal(`${name}.event`);
  return action === undefined
    ? ["// TODO: no member looks like the name of what was done.", `eventName: ${otherwise},`]
    : [...reason("What was done", action), `eventName: take.text(${steps(action.path)}) ?? ${otherwise},`];
}

function timeSource({ times }: Proposal, cef: boolean): readonly string[] {
  const read = (path: Path, reader: string) =>
    cef
      ? `readCefTime(valueAt(record, ${steps(path)}), { near: origin.receivedAt })`
      : `${reader}(valueAt(record, ${steps(path)}))`;
  const whole = (path: Path) => (cef ? `utcSeconds(${read(path, "")})` : read(path, "utcSeconds"));
  const [one, other] = times;
  if (one === undefined)
    return [
      "// TODO: no member reads as a time; this is the time of receipt. Find the record's own.",
      "eventTime: utcSeconds(origin.receivedAt),",
    ];
  return [
    ...times.flatMap((guess) => reason("When", guess)),
    "// The original text stays in the rest, since eventTime has whole seconds.",
    `eventTime: ${other === undefined ? whole(one.path) : `${read(one.path, "readUtcSeconds")} ?? ${whole(other.path)}`},`,
  ];
}

function outcomeSource({ outcomes }: Proposal): readonly string[] {
  const seen = outcomes.length === 0 ? "" : ` ${outcomes.map(quoted).join(", ")} may tell.`;
  return commentLines(`TODO: errorCode and errorMessage, for failures alone.${seen}`);
}

function addressSource({ addresses }: Proposal): readonly string[] {
  if (addresses.length === 0) return [];
  const chain = addresses.map(({ path }) => `take.ipAddress(${steps(path)})`);
  return [...addresses.flatMap((guess) => reason("From where", guess)), `sourceIPAddress: ${chain.join(" ?? ")},`];
}

const usesReceipt = ({ times }: Proposal, cef: boolean) => times.length === 0 || cef;

function imports(body: string, cef: boolean): string {
  const used = (names: readonly string[]) => names.filter((name) => new RegExp(`\\b${name}\\(`).test(body)).join(", ");
  const kit = used([
    "compact",
    "contentId",
    "defineAdapter",
    "idFrom",
    "readUtcSeconds",
    "taking",
    "textAt",
    "utcSeconds",
    "valueAt",
  ]);
  const readers = cef ? used(["readCefTime"]) : "";
  return [
    'import { Type as T } from "@sinclair/typebox";',
    `import { ${kit} } from "@tributary/adapter-kit";`,
    ...(readers === "" ? [] : [`import { ${readers} } from "@tributary/adapter-kit/readers";`]),
    'import { formats } from "./formats.ts";',
    "",
  ].join("\n");
}
