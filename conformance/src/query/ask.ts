import { isMembers, type Members } from "../core/members.ts";
import type { Evidence } from "../core/report.ts";
import { shown, Unmet } from "../core/unmet.ts";
import type { ServerWorld } from "../server/server-world.ts";
import { type Answer, succeeded } from "../wire/answer.ts";
import type { Identity } from "../wire/identity.ts";
import { cellsOf, type Cells } from "./cells.ts";
import { pause } from "./pause.ts";

/** Where a statement is run. */
export interface Place {
  readonly world: ServerWorld;
  readonly storeId: string;
  /** eventSource of the profile's events: nothing else in the store has it. */
  readonly tag: string;
}

/** How a query ended. */
export interface Outcome {
  readonly queryId: string;
  readonly statement: string;
  readonly status: string;
  readonly errorMessage: string | undefined;
  readonly rows: readonly Cells[];
  /** Every answer of GetQueryResults that has rows, in order. */
  readonly pages: readonly Members[];
}

const mostPages = 500;
/** Longest wait for a query, ms. */
const patienceMs = 5 * 60_000;

/** A statement with the store's id in place of `$STORE`, and its own events' condition in place of `$MINE`, or `$MINE(a)` for an alias. */
export function written(statement: string, { storeId, tag }: Place): string {
  return statement
    .replaceAll("$STORE", storeId)
    .replaceAll(
      /\$MINE(?:\((\w+)\))?/g,
      (_, alias?: string) => `${alias === undefined ? "" : `${alias}.`}eventData.eventSource = '${tag}'`,
    );
}

/** StartQuery, again while the account has too much at work. */
export async function start(world: ServerWorld, input: Members): Promise<Answer> {
  return patiently(world, "StartQuery", input);
}

/** Calls an operation, again while it is refused for the load of the account. @param as the owner by default */
export async function patiently(world: ServerWorld, operation: string, input: Members, as?: Identity): Promise<Answer> {
  for (let ms = 200, waited = 0; ; ms = Math.min(ms * 2, 5000)) {
    const answer = await world.wire.call(operation, input, as && { as });
    const isBusy = answer.code === "ThrottlingException" || answer.code === "MaxConcurrentQueriesException";
    if (!isBusy || waited > patienceMs) return answer;
    await pause(world, ms);
    waited += ms;
  }
}

/** Starts a statement. Answers the id of its query; throws `Unmet` where it is refused. */
export async function started(place: Place, statement: string): Promise<string> {
  const text = written(statement, place);
  const answer = await start(place.world, { QueryStatement: text });
  const { QueryId: id } = answer.json ?? {};
  if (answer.status === 200 && typeof id === "string") return id;
  throw new Unmet(`a query of ${text}`, `HTTP ${answer.status} ${answer.code ?? ""} ${shown(answer.text)}`);
}

/** Runs a statement to its end, and reads all of its rows. Throws `Unmet` where it is refused, or never ends. */
export async function run(place: Place, statement: string): Promise<Outcome> {
  const { wire } = place.world;
  const text = written(statement, place);
  const queryId = await started(place, statement);
  const begun = wire.evidence;
  const first = await ended(place.world, queryId, text);
  const pages = [first];
  for (let page = first; typeof page["NextToken"] === "string"; pages.push(page)) {
    if (pages.length > mostPages)
      throw new Unmet(`a last page of ${text}`, `${mostPages} pages, each with a NextToken`);
    page = await results(place.world, { QueryId: queryId, NextToken: page["NextToken"] });
  }
  wire.recall(told(begun, wire.evidence, `--endpoint-url ${wire.subject.endpoint} --query-id ${queryId}`));
  return {
    queryId,
    statement: text,
    status: String(first["QueryStatus"]),
    errorMessage: typeof first["ErrorMessage"] === "string" ? first["ErrorMessage"] : undefined,
    rows: pages.flatMap(rowsOf),
    pages,
  };
}

/** A query as it would be tried again: the request that starts it, and what it came to. */
function told(begun: Evidence | undefined, last: Evidence | undefined, place: string): Evidence | undefined {
  if (begun === undefined || last === undefined) return last;
  const awsCli = begun.awsCli && `${begun.awsCli}\naws cloudtrail get-query-results ${place}`;
  return { curl: begun.curl, awsCli, answer: last.answer };
}

/** Runs a statement that must come to rows. Throws `Unmet` unless it is FINISHED. */
export async function ask(place: Place, statement: string): Promise<Outcome> {
  const outcome = await run(place, statement);
  if (outcome.status === "FINISHED") return outcome;
  throw new Unmet(`rows of ${outcome.statement}`, `${outcome.status}: ${outcome.errorMessage ?? "no ErrorMessage"}`);
}

const asked = new WeakMap<ServerWorld, Map<string, Promise<Outcome>>>();

/** {@link run}, once for all checks of a run: for those that look at what is told of a query, not at what it means. */
export function runOnce(place: Place, statement: string): Promise<Outcome> {
  const known = asked.get(place.world) ?? new Map<string, Promise<Outcome>>();
  asked.set(place.world, known);
  const outcome = known.get(statement) ?? run(place, statement);
  known.set(statement, outcome);
  return outcome;
}

/** The first answer of GetQueryResults to a query that is at its end. */
export async function ended(world: ServerWorld, queryId: string, about: string, as?: Identity): Promise<Members> {
  for (let ms = 20, waited = 0; ; ms = Math.min(ms * 1.5, 1000)) {
    const answer = await results(world, { QueryId: queryId }, as);
    const status = String(answer["QueryStatus"]);
    if (status !== "QUEUED" && status !== "RUNNING") return answer;
    if (waited > patienceMs) throw new Unmet(`an end of ${about} within ${patienceMs / 60_000} minutes`, status);
    await pause(world, ms);
    waited += ms;
  }
}

/** GetQueryResults. Throws `Unmet` for a refusal. */
export async function results(world: ServerWorld, input: Members, as?: Identity): Promise<Members> {
  return succeeded(await patiently(world, "GetQueryResults", input, as));
}

/** The rows of an answer of GetQueryResults. */
export function rowsOf({ QueryResultRows: rows }: Members): readonly Cells[] {
  return Array.isArray(rows) ? rows.map(cellsOf) : [];
}

/** Whether it is a list of objects. */
export function isListOfMembers(value: unknown): value is readonly Members[] {
  return Array.isArray(value) && value.every(isMembers);
}
