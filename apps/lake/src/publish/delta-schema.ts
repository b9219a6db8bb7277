import { activityColumns, type TableColumn } from "@tributary/lake-sql";

type SqlType = TableColumn["type"];

/** Delta's name of a column type: its schema serialization format, in the protocol's "Schema Serialization Format". */
function deltaType(type: SqlType): unknown {
  if (type.kind === "row") return structOf(type.fields);
  if (type.kind === "map")
    return {
      type: "map",
      keyType: deltaType(type.key),
      valueType: deltaType(type.value),
      valueContainsNull: true,
    };
  const name = primitives.get(type.kind);
  if (name === undefined) throw new Error(`a table column of type ${type.kind} has no Delta type here`);
  return name;
}

const primitives: ReadonlyMap<SqlType["kind"], string> = new Map([
  ["varchar", "string"],
  ["timestamptz", "timestamp"],
  ["date", "date"],
]);

function structOf(fields: readonly { readonly name: string; readonly type: SqlType }[]): unknown {
  return {
    type: "struct",
    fields: fields.map(({ name, type }) => ({ name, type: deltaType(type), nullable: true, metadata: {} })),
  };
}

/** The schema of every store's table, `eventday` and `eventdata_text` included. */
export const deltaSchemaString: string = JSON.stringify(structOf(activityColumns));
