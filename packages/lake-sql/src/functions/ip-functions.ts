import { failing } from "./failing.ts";
import { letIn } from "./function-row.ts";

// An address is 32 lower-case hex digits: those of IPv6, or of IPv4 inside ::ffff:0:0/96. Its order is the addresses' order.

const octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
const isV4 = (text: string): string => `regexp_full_match(${text}, '${octet}(\\.${octet}){3}')`;
const isV6 = (text: string): string =>
  `(regexp_full_match(${text}, '([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}') OR (regexp_full_match(${text}, '([0-9a-f]{1,4}(:[0-9a-f]{1,4})*)?::([0-9a-f]{1,4}(:[0-9a-f]{1,4})*)?') AND length(replace(${text}, ':', '')) <= 28 AND len(string_split(${text}, ':')) <= 9))`;
const groups = (text: string): string =>
  `list_transform(list_filter(string_split(${text}, ':'), lambda "item": "item" <> ''), lambda "item": lpad("item", 4, '0'))`;

/** The address in a text; a text that is none fails. */
export const ipAddress = (text: string): string =>
  letIn([`regexp_replace(lower(${text}), '^::ffff:([0-9]+[.])', '\\1')`], (whole) => {
    const left = groups(`split_part(${whole}, '::', 1)`);
    const right = groups(`split_part(${whole}, '::', 2)`);
    const six = `array_to_string(list_concat(${left}, list_transform(range(8 - len(${left}) - len(${right})), lambda "item": '0000'), ${right}), '')`;
    const four = `'00000000000000000000ffff' || array_to_string(list_transform(string_split(${whole}, '.'), lambda "item": lpad(lower(to_hex(CAST("item" AS BIGINT))), 2, '0')), '')`;
    return `CASE WHEN ${isV4(whole)} THEN ${four} WHEN ${isV6(whole)} THEN ${six} WHEN ${whole} IS NOT NULL THEN CAST(${failing("ip")} AS VARCHAR) END`;
  });

/** The address as text: dotted for IPv4, else the shortest form of IPv6. */
export const ipText = (address: string): string =>
  letIn([address], (hex) => {
    const byte = (at: number): string => `CAST(CAST('0x' || substr(${hex}, ${at}, 2) AS INTEGER) AS VARCHAR)`;
    const plain = `array_to_string(list_transform(range(0, 8), lambda "item": coalesce(nullif(ltrim(substr(${hex}, 4 * "item" + 1, 4), '0'), ''), '0')), ':')`;
    const shortened = letIn(
      [plain],
      (text) =>
        `CASE ${[7, 6, 5, 4, 3, 2, 1]
          .map((more) => `(^|:)0(:0){${more}}(:|$)`)
          .map((zeros) => `WHEN regexp_matches(${text}, '${zeros}') THEN regexp_replace(${text}, '${zeros}', '::')`)
          .join(" ")} ELSE ${text} END`,
    );
    return `CASE WHEN ${hex} IS NULL THEN NULL WHEN starts_with(${hex}, '00000000000000000000ffff') THEN ${[25, 27, 29, 31].map(byte).join(" || '.' || ")} ELSE ${shortened} END`;
  });

/** Whether an address is in a network as `10.0.0.0/8`. */
export const inNetwork = (network: string, address: string): string =>
  letIn(
    [
      address,
      ipAddress(`split_part(${network}, '/', 1)`),
      `TRY_CAST(split_part(${network}, '/', 2) AS INTEGER) + CASE WHEN contains(split_part(${network}, '/', 1), ':') THEN 0 ELSE 96 END`,
      network,
    ],
    (ip, base, bits, text) => {
      const nibble = (of: string): string => `(strpos('0123456789abcdef', substr(${of}, ${bits} // 4 + 1, 1)) - 1)`;
      const rest = `(${nibble(ip)} >> (4 - ${bits} % 4)) = (${nibble(base)} >> (4 - ${bits} % 4))`;
      return `CASE WHEN ${text} IS NULL OR ${ip} IS NULL THEN NULL WHEN ${bits} IS NULL OR ${bits} < 0 OR ${bits} > 128 THEN ${failing("cidr")} = 0 ELSE left(${ip}, ${bits} // 4) = left(${base}, ${bits} // 4) AND (${bits} % 4 = 0 OR ${rest}) END`;
    },
  );
