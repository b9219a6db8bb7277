/** Records of RFC 4180 text, read character by character. An empty field without quotes is null. */
export function parseCsv(text: string): (string | null)[][] {
  const records: (string | null)[][] = [];
  let record: (string | null)[] = [];
  for (let at = 0; at < text.length;) {
    let field: string | null = null;
    if (text[at] === '"') {
      field = "";
      for (at++; ; at++) {
        if (at >= text.length) throw new Error("a quoted field does not end");
        if (text[at] !== '"') field += text[at];
        else if (text[at + 1] === '"') {
          field += '"';
          at++;
        } else break;
      }
      at++;
    } else
      while (at < text.length && text[at] !== "," && !text.startsWith("\r\n", at)) field = (field ?? "") + text[at++];
    record.push(field);
    if (text[at] === ",") {
      at++;
      continue;
    }
    if (!text.startsWith("\r\n", at)) throw new Error(`a record does not end at ${at}`);
    at += 2;
    records.push(record);
    record = [];
  }
  return records;
}
