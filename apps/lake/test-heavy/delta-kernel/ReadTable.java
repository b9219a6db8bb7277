import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.delta.kernel.Scan;
import io.delta.kernel.ScanBuilder;
import io.delta.kernel.Snapshot;
import io.delta.kernel.Table;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.expressions.Column;
import io.delta.kernel.expressions.Literal;
import io.delta.kernel.expressions.Predicate;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.data.ScanStateRow;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;

import static java.nio.charset.StandardCharsets.UTF_8;

/**
 * Reads Delta tables by Delta Kernel for Java. Each line of standard input: one JSON object, {"table", "versions": [number or null for
 * the newest], "day", "after" (microseconds), "id"}. Prints a JSON object for each version with its rows, then one with the files that a
 * scan of the newest is left with after skipping by the day, by the time and by the id, and an empty line.
 */
public class ReadTable {
  static final ObjectMapper JSON = new ObjectMapper();

  public static void main(String[] arguments) throws Exception {
    // Whatever the locale is.
    System.setOut(new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8));
    Engine engine = DefaultEngine.create(new Configuration());
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line; (line = in.readLine()) != null; ) {
      answer(engine, JSON.readTree(line));
      System.out.println();
    }
  }

  static void answer(Engine engine, JsonNode request) throws Exception {
    Table table = Table.forPath(engine, request.get("table").asText());
    for (JsonNode version : request.get("versions")) {
      ObjectNode answer = JSON.createObjectNode();
      try {
        Snapshot snapshot =
            version.isNull()
                ? table.getLatestSnapshot(engine)
                : table.getSnapshotAsOfVersion(engine, version.asLong());
        answer.put("version", snapshot.getVersion(engine));
        answer.set("rows", rows(engine, snapshot));
      } catch (RuntimeException refused) {
        answer.put("version", version.asLong());
        answer.put("refused", String.valueOf(refused.getMessage()));
      }
      System.out.println(answer);
    }
    Snapshot newest = table.getLatestSnapshot(engine);
    int day = (int) LocalDate.parse(request.get("day").asText()).toEpochDay();
    ObjectNode skipping = JSON.createObjectNode();
    skipping.set("byDay", files(engine, newest, new Predicate("=", new Column("eventday"), Literal.ofDate(day))));
    skipping.set(
        "byTime",
        files(engine, newest, new Predicate(">", new Column("eventtime"), Literal.ofTimestamp(request.get("after").asLong()))));
    skipping.set(
        "byId",
        files(engine, newest, new Predicate("=", new Column("eventid"), Literal.ofString(request.get("id").asText()))));
    System.out.println(skipping);
  }

  static ArrayNode files(Engine engine, Snapshot snapshot, Predicate filter) throws Exception {
    ArrayNode names = JSON.createArrayNode();
    ScanBuilder builder = snapshot.getScanBuilder(engine).withFilter(engine, filter);
    try (CloseableIterator<FilteredColumnarBatch> batches = builder.build().getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext())
            names.add(Path.of(InternalScanFileUtils.getAddFileStatus(files.next()).getPath()).getFileName().toString());
        }
      }
    }
    return names;
  }

  static ArrayNode rows(Engine engine, Snapshot snapshot) throws Exception {
    ArrayNode rows = JSON.createArrayNode();
    Scan scan = snapshot.getScanBuilder(engine).build();
    Row state = scan.getScanState(engine);
    StructType physical = ScanStateRow.getPhysicalDataReadSchema(engine, state);
    StructType schema = snapshot.getSchema(engine);
    try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine)) {
      while (batches.hasNext()) {
        try (CloseableIterator<Row> files = batches.next().getRows()) {
          while (files.hasNext()) {
            Row file = files.next();
            FileStatus status = InternalScanFileUtils.getAddFileStatus(file);
            CloseableIterator<ColumnarBatch> data =
                engine.getParquetHandler().readParquetFiles(Utils.singletonCloseableIterator(status), physical, Optional.empty());
            try (CloseableIterator<FilteredColumnarBatch> logical =
                Scan.transformPhysicalData(engine, state, file, data)) {
              while (logical.hasNext()) {
                try (CloseableIterator<Row> events = logical.next().getRows()) {
                  while (events.hasNext()) rows.add(event(events.next(), schema));
                }
              }
            }
          }
        }
      }
    }
    return rows;
  }

  static ObjectNode event(Row row, StructType schema) {
    ObjectNode event = JSON.createObjectNode();
    event.put("eventid", row.getString(schema.indexOf("eventid")));
    event.put("eventtime", row.getLong(schema.indexOf("eventtime")));
    event.put("eventdata_text", row.getString(schema.indexOf("eventdata_text")));
    event.put("eventday", LocalDate.ofEpochDay(row.getInt(schema.indexOf("eventday"))).toString());
    int data = schema.indexOf("eventdata");
    if (row.isNullAt(data)) event.putNull("uid");
    else {
      Row fields = row.getStruct(data);
      event.put("uid", fields.getString(fields.getSchema().indexOf("uid")));
    }
    return event;
  }
}
