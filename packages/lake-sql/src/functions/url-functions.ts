import { bigint, varchar } from "../sql-type.ts";
import { scalar, type FunctionRow } from "./function-row.ts";

const query = "^[^?#]*\\?([^#]*)";
const host = "^[a-zA-Z][a-zA-Z0-9+.-]*://(?:[^/?#@]*@)?(\\[[^\\]]*\\]|[^/?#:]*)";
const part = (url: string, pattern: string): string =>
  `CASE WHEN regexp_matches(${url}, '${pattern}') THEN regexp_extract(${url}, '${pattern}', 1) END`;

export const urlFunctions: readonly FunctionRow[] = [
  // As a form encodes: a blank is `+`, and `*` stays.
  scalar(
    "url_encode",
    1,
    varchar,
    (text) => `replace(replace(replace(url_encode(${text}), '%20', '+'), '~', '%7E'), '%2A', '*')`,
  ),
  // A form's `+` is a blank.
  scalar("url_decode", 1, varchar, (text) => `url_decode(replace(${text}, '+', ' '))`),
  scalar("url_extract_host", 1, varchar, (url) => `nullif(regexp_extract(${url}, '${host}', 1), '')`),
  scalar("url_extract_port", 1, bigint, (url) => `TRY_CAST(regexp_extract(${url}, '${host}:([0-9]+)', 2) AS BIGINT)`),
  scalar(
    "url_extract_path",
    1,
    varchar,
    (url) => `regexp_extract(${url}, '^(?:[a-zA-Z][a-zA-Z0-9+.-]*:)?(?://[^/?#]*)?([^?#]*)', 1)`,
  ),
  scalar("url_extract_protocol", 1, varchar, (url) => `regexp_extract(${url}, '^([a-zA-Z][a-zA-Z0-9+.-]*):', 1)`),
  scalar("url_extract_query", 1, varchar, (url) => `regexp_extract(${url}, '${query}', 1)`),
  scalar("url_extract_fragment", 1, varchar, (url) => `regexp_extract(${url}, '^[^#]*#(.*)', 1)`),
  scalar(
    "url_extract_parameter",
    2,
    varchar,
    (url, name) =>
      `list_extract(list_transform(list_filter(string_split(${part(url, query)}, '&'), lambda "kv": split_part("kv", '=', 1) = ${name}), lambda "kv": url_decode(replace(substr("kv", length(${name}) + 2), '+', ' '))), 1)`,
  ),
];
