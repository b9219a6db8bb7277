import { setTimeout as wait } from "node:timers/promises";
import {
  DescribeQueryCommand,
  GetQueryResultsCommand,
  StartQueryCommand,
  type CloudTrailClient,
} from "@aws-sdk/client-cloudtrail";
import { TributaryError } from "@tributary/schema";

export interface Answer {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly milliseconds: number;
}

/** Runs one statement to its end and answers all its rows. Throws `QUERY_NOT_FINISHED` with the lake's own message. */
export async function ask(client: CloudTrailClient, statement: string): Promise<Answer> {
  const started = performance.now();
  const { QueryId } = await client.send(new StartQueryCommand({ QueryStatement: statement }));
  for (let pause = 20; ; pause = Math.min(pause * 1.5, 500)) {
    const { QueryStatus, ErrorMessage } = await client.send(new DescribeQueryCommand({ QueryId }));
    if (QueryStatus === "FINISHED") break;
    if (QueryStatus !== "QUEUED" && QueryStatus !== "RUNNING")
      throw new TributaryError(
        `The query ended as ${String(QueryStatus)}: ${ErrorMessage ?? "no reason given"}\n${statement}`,
        {
          code: "QUERY_NOT_FINISHED",
        },
      );
    await wait(pause);
  }
  const rows: string[][] = [];
  let columns: readonly string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetQueryResultsCommand({ QueryId: QueryId!, MaxQueryResults: 1000, ...(token && { NextToken: token }) }),
    );
    for (const row of page.QueryResultRows ?? []) {
      columns = row.map((cell) => Object.keys(cell)[0] ?? "");
      rows.push(row.map((cell) => Object.values(cell)[0] ?? ""));
    }
    token = page.NextToken;
  } while (token);
  return { columns, rows, milliseconds: performance.now() - started };
}
