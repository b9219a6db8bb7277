export { activityColumns, type TableColumn } from "./activity-columns.ts";
export { compileQuery, maxStatementLength, type CompiledQuery } from "./compile-query.ts";
export type { TableRef } from "./emission.ts";
export { failureText } from "./failure-text.ts";
export { functionChapters, supportedFunctions } from "./functions/functions.ts";
export { unsupportedFunctions } from "./functions/unsupported-functions.ts";
export { LakeSqlError, type LakeSqlErrorCode } from "./lake-sql-error.ts";
export { duckdbType, type SqlType } from "./sql-type.ts";
