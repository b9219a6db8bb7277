import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

interface Shape {
  readonly type: string;
  readonly required?: readonly string[];
  readonly members?: Readonly<Record<string, { readonly shape: string }>>;
  readonly member?: { readonly shape: string };
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  readonly enum?: readonly string[];
}

interface Model {
  readonly operations: Readonly<
    Record<
      string,
      {
        readonly input?: { readonly shape: string };
        readonly errors?: readonly { readonly shape: string }[];
      }
    >
  >;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/** Operations of a server of integrations. */
const isOurs = (name: string): boolean =>
  /^(?:PutAuditEvents|(?:Create|Get|Update|Delete)Channel|ListChannels|(?:Create|Get|Update|Delete|Restore)EventDataStore|ListEventDataStores|(?:Start|Stop)EventDataStoreIngestion|(?:Put|Get|Delete)ResourcePolicy|(?:Add|Remove|List)Tags|(?:Start|Describe|Cancel)Query|GetQueryResults|ListQueries)$/.test(
    name,
  );

/**
 * What a service model of botocore (service-2.json) asks of each operation's input, and the errors that it names: ids alone,
 * `Operation/Member/.../required|length|range|pattern|enum` with `*` for the entries of a list, and `Operation/error/Name`.
 */
export function modelFacts(model: Model): readonly string[] {
  const facts = new Set<string>();
  const walk = (name: string, path: string): void => {
    const shape = model.shapes[name];
    if (shape === undefined) return;
    for (const [member, { shape: inner }] of Object.entries(shape.members ?? {})) {
      if (shape.required?.includes(member) === true) facts.add(`${path}/${member}/required`);
      walk(inner, `${path}/${member}`);
    }
    const isNumber = shape.type === "integer" || shape.type === "long";
    if ((shape.min ?? 0) > 0 || shape.max !== undefined) facts.add(`${path}/${isNumber ? "range" : "length"}`);
    if (shape.pattern !== undefined && !/^(?:\(\?s\))?\.\*$/.test(shape.pattern)) facts.add(`${path}/pattern`);
    if (shape.enum !== undefined) facts.add(`${path}/enum`);
    if (shape.member !== undefined) walk(shape.member.shape, `${path}/*`);
  };
  for (const [operation, { input, errors = [] }] of Object.entries(model.operations)) {
    if (!isOurs(operation)) continue;
    if (input !== undefined) walk(input.shape, operation);
    for (const { shape } of errors) facts.add(`${operation}/error/${shape}`);
  }
  return [...facts].toSorted();
}

/** `node model-facts.ts MODEL...` prints the facts of botocore's models of cloudtrail and cloudtrail-data: conformance/test/model-facts.json. */
if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const facts = process.argv.slice(2).flatMap((file) => {
    const model: Model = JSON.parse(readFileSync(file, "utf8"));
    return modelFacts(model);
  });
  process.stdout.write(`${JSON.stringify(facts.toSorted(), undefined, 2)}\n`);
}
