import { fails, type Vector } from "./vector.ts";

export const literals: readonly Vector[] = [
  ["U&'\\0041\\+01f600\\\\'", "A😀\\"],
  ["U&'\\004'", fails],
  ["X'41', 1_000, 0x10, 0b11, 0o17, 1., .5, 1e-3, 1E3, 00012, 1_0.5_0", "[\"41\",\"1000\",\"16\",\"3\",\"15\",\"1\",\"0.5\",\"0.001\",\"1000.0\",\"12\",\"10.50\"]"],
  ["DECIMAL '1.50', DECIMAL '-12', DECIMAL '.5', typeof(DECIMAL '1.50')", "[\"1.50\",\"-12\",\"0.5\",\"decimal(3,2)\"]"],
  ["DECIMAL 'x'", fails],
  ["JSON '{\"a\": 1}', DOUBLE '1.5', BIGINT '5', VARCHAR 'x', IPADDRESS '192.0.2.1', BOOLEAN 'true', INTEGER '7', REAL '1.5', CHAR 'x', VARBINARY 'x'", "[\"{\\\"a\\\":1}\",\"1.5\",\"5\",\"x\",\"192.0.2.1\",\"true\",\"7\",\"1.5\",\"x\",\"78\"]"],
  ["cast(-0.5 AS varchar), cast(0.5 AS varchar), cast(-12.50 AS varchar), cast(cast(NULL AS decimal(3,2)) AS varchar)", "[\"-0.5\",\"0.5\",\"-12.50\",null]"],
  ["trim('.,' FROM '.a,'), trim('a' || 'b' FROM 'abxba'), trim(BOTH FROM ' x '), trim(LEADING '0' FROM '007')", "[\"a\",\"x\",\"x\",\"7\"]"],
  ["typeof(ROW(1, 2e0)), typeof(ARRAY[1, 2.5])", "[\"row(integer, double)\",\"array(decimal(11,1))\"]"],
  ["* FROM (TABLE t) CROSS JOIN (SELECT 1)", fails],
  ["* FROM (WITH t AS (SELECT 1 AS a) TABLE t UNION ALL TABLE t)", "[[\"1\"],[\"1\"]]"],
  ["1 WHERE 1 IN (TABLE nope)", fails],
];
