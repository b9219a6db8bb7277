import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.trino.Session;
import io.trino.plugin.memory.MemoryConnectorFactory;
import io.trino.spi.type.*;
import io.trino.testing.LocalQueryRunner;
import io.trino.testing.MaterializedResult;
import io.trino.testing.MaterializedRow;
import io.trino.testing.TestingSession;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.*;

import static java.nio.charset.StandardCharsets.UTF_8;

/** Runs each line of the input as one statement and answers one line of JSON: {"rows": [[text or null, ...], ...]} or {"error": "..."}. Values read as the lake prints them. */
public class TrinoJudge {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    Session session = TestingSession.testSessionBuilder().setTimeZoneKey(TimeZoneKey.UTC_KEY).setCatalog("memory").setSchema("default").build();
    try (LocalQueryRunner runner = LocalQueryRunner.create(session)) {
      runner.createCatalog("memory", new MemoryConnectorFactory(), Map.of());
      BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
      for (String line; (line = in.readLine()) != null; ) out.println("=" + JSON.writeValueAsString(answer(runner, session, line)));
    }
    System.exit(0);
  }

  private static Map<String, Object> answer(LocalQueryRunner runner, Session session, String statement) {
    try {
      MaterializedResult result = runner.execute(session, statement);
      List<List<String>> rows = new ArrayList<>();
      for (MaterializedRow row : result.getMaterializedRows()) {
        List<String> texts = new ArrayList<>();
        for (int at = 0; at < row.getFieldCount(); at++) texts.add(text(row.getField(at), result.getTypes().get(at)));
        rows.add(texts);
      }
      return Map.of("rows", rows, "types", result.getTypes().stream().map(Type::getDisplayName).toList());
    } catch (Exception | AssertionError error) {
      return Map.of("error", String.valueOf(error.getMessage()).split("\n")[0]);
    }
  }

  private static String text(Object value, Type type) throws JsonProcessingException {
    if (value == null) return null;
    if (type instanceof ArrayType || type instanceof MapType || type instanceof RowType) return json(value, type);
    if (value instanceof SqlTimestamp time) return MILLIS.format(time.toLocalDateTime().toInstant(ZoneOffset.UTC));
    if (value instanceof SqlTimestampWithTimeZone time) return MILLIS.format(time.toZonedDateTime().toLocalDateTime().toInstant(ZoneOffset.UTC));
    if (value instanceof SqlVarbinary bytes) return HexFormat.ofDelimiter(" ").formatHex(bytes.getBytes());
    return value.toString();
  }

  private static String json(Object value, Type type) throws JsonProcessingException {
    if (value == null) return "null";
    if (type instanceof ArrayType array) {
      StringJoiner out = new StringJoiner(",", "[", "]");
      for (Object item : (List<?>) value) out.add(json(item, array.getElementType()));
      return out.toString();
    }
    if (type instanceof MapType map) {
      StringJoiner out = new StringJoiner(",", "{", "}");
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet())
        out.add(JSON.writeValueAsString(text(entry.getKey(), map.getKeyType())) + ":" + json(entry.getValue(), map.getValueType()));
      return out.toString();
    }
    if (type instanceof RowType row) {
      StringJoiner out = new StringJoiner(",", "{", "}");
      List<?> fields = value instanceof MaterializedRow inner ? inner.getFields() : (List<?>) value;
      for (int at = 0; at < fields.size(); at++)
        out.add(JSON.writeValueAsString(row.getFields().get(at).getName().orElse("field" + at)) + ":" + json(fields.get(at), row.getFields().get(at).getType()));
      return out.toString();
    }
    if (type.getBaseName().equals("json")) return value.toString();
    boolean bare = value instanceof Boolean || value instanceof SqlDecimal || value instanceof Number number && !Double.isNaN(number.doubleValue()) && !Double.isInfinite(number.doubleValue());
    return bare ? text(value, type) : JSON.writeValueAsString(text(value, type));
  }
}
