package dev.stockpot.merge.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object as somebody wrote it: given other values, it keeps its writing wherever a value stays.
 * Order, indentation, line ends, digits and escapes are its author's, and what is new is written as
 * its neighbours are.
 */
public final class WrittenJson {
  private static final int PYTHONS_STEP = 2;

  private final String text;
  private final Written root;

  /** A value and its place in the text: with its fields or elements, if it has some. */
  private record Written(
      JsonValue value, int begin, int end, List<Field> fields, List<Written> elements) {
    private Optional<Written> last(String name) {
      return fields.stream()
          .filter(field -> field.name().equals(name))
          .reduce((first, second) -> second) // what is there twice has its last value
          .map(Field::value);
    }
  }

  private record Field(String name, int begin, Written value) {}

  private WrittenJson(String text, Written root) {
    this.text = text;
    this.root = root;
  }

  /**
   * Reads what Python reads, {@code NaN} and {@code Infinity} included.
   *
   * @throws JsonException if it is no JSON, or no object
   */
  public static WrittenJson of(String text) throws JsonException {
    try (JsonParser json = Json.PYTHON.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonException("it is no object");
      }
      return new WrittenJson(text, read(json));
    } catch (JsonProcessingException e) {
      throw new JsonException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }

  private static Written read(JsonParser json) throws IOException {
    int begin = offset(json.currentTokenLocation().getCharOffset());
    List<Field> fields = new ArrayList<>();
    List<Written> elements = new ArrayList<>();
    JsonValue value;
    if (json.currentToken() == JsonToken.START_OBJECT) {
      Map<String, JsonValue> values = new LinkedHashMap<>();
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String name = json.currentName();
        int at = offset(json.currentTokenLocation().getCharOffset());
        json.nextToken();
        Written field = read(json);
        fields.add(new Field(name, at, field));
        values.put(name, field.value());
      }
      value = new JsonObject(values);
    } else if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        elements.add(read(json));
      }
      value = new JsonList(elements.stream().map(Written::value).toList());
    } else {
      value = Json.value(json);
      json.finishToken();
    }
    return new Written(
        value, begin, offset(json.currentLocation().getCharOffset()), fields, elements);
  }

  private static int offset(long characters) {
    return Math.toIntExact(characters);
  }

  /** The text with the values that are wanted. Names that are new come last. */
  public String with(JsonObject wanted) {
    return text.substring(0, root.begin()) + of(root, wanted) + text.substring(root.end());
  }

  private String of(Written before, JsonValue wanted) {
    if (before.value().equals(wanted)) {
      return text.substring(before.begin(), before.end());
    }
    if (before.value().object().isPresent() && wanted.object().isPresent()) {
      return object(before, wanted.object().get());
    }
    return wanted
        .list()
        .filter(elements -> !before.elements().isEmpty() && !elements.isEmpty())
        .map(elements -> list(before, elements))
        .orElseGet(() -> anew(wanted, indent(before.begin())));
  }

  private String object(Written before, JsonObject wanted) {
    List<Field> fields = before.fields();
    StringBuilder written = new StringBuilder("{");
    String head =
        fields.isEmpty()
            ? lineBelow(before.begin())
            : text.substring(before.begin() + 1, fields.get(0).begin());
    String between = "," + (head.isEmpty() ? " " : head);
    String colon = ": ";
    String inner = indent(before.begin()) + step();
    boolean isFirst = true;
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      String name = text.substring(field.begin(), nameEnd(field));
      colon = text.substring(nameEnd(field), field.value().begin());
      if (i > 0) {
        between = text.substring(fields.get(i - 1).value().end(), field.begin());
      }
      Optional<JsonValue> value = wanted.get(field.name());
      if (value.isPresent()) {
        boolean counts = before.last(field.name()).filter(field.value()::equals).isPresent();
        JsonValue now = counts ? value.get() : field.value().value();
        written.append(isFirst ? head : between).append(name).append(colon);
        written.append(of(field.value(), now));
        isFirst = false;
      }
    }
    for (Map.Entry<String, JsonValue> field : wanted.fields().entrySet()) {
      if (before.last(field.getKey()).isEmpty()) {
        written.append(isFirst ? head : between);
        written.append(JsonWriter.text(JsonStyle.COMPACT, JsonValue.of(field.getKey())));
        written.append(colon).append(anew(field.getValue(), inner));
        isFirst = false;
      }
    }
    return written.append(isFirst ? "" : tail(before)).append('}').toString();
  }

  /** The end of a name: the first quote behind its beginning that no backslash escapes. */
  private int nameEnd(Field field) {
    int at = field.begin() + 1;
    while (text.charAt(at) != '"') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    return at + 1;
  }

  private String tail(Written object) {
    return object.fields().isEmpty()
        ? lineBelow(object.begin()).replaceAll("[ \t]+$", indent(object.begin()))
        : text.substring(
            object.fields().get(object.fields().size() - 1).value().end(), object.end() - 1);
  }

  /** Elements that were there before are written as they were. */
  private String list(Written before, List<JsonValue> wanted) {
    List<Written> elements = before.elements();
    String head = text.substring(before.begin() + 1, elements.get(0).begin());
    String between =
        elements.size() > 1
            ? text.substring(elements.get(0).end(), elements.get(1).begin())
            : "," + (head.isEmpty() ? " " : head);
    String tail = text.substring(elements.get(elements.size() - 1).end(), before.end() - 1);
    Map<JsonValue, String> spelled = new LinkedHashMap<>();
    elements.forEach(
        element ->
            spelled.putIfAbsent(element.value(), text.substring(element.begin(), element.end())));
    List<String> now = new ArrayList<>();
    for (JsonValue element : wanted) {
      now.add(
          spelled.containsKey(element)
              ? spelled.get(element)
              : JsonWriter.text(JsonStyle.COMPACT, element));
    }
    return "[" + head + String.join(between, now) + tail + "]";
  }

  /**
   * A value that nothing tells how to write: a value a line, or all in one line, as the whole is.
   *
   * @param indent of the line in which it begins
   */
  private String anew(JsonValue value, String indent) {
    if (!text.contains("\n")) {
      return JsonWriter.text(JsonStyle.COMPACT, value);
    }
    StringBuilder written = new StringBuilder();
    for (String line : JsonWriter.text(JsonStyle.PYTHON, value).split("\n", -1)) {
      String content = line.stripLeading();
      int steps = (line.length() - content.length()) / PYTHONS_STEP;
      written.append(written.isEmpty() ? "" : lineEnd() + indent + step().repeat(steps));
      written.append(content);
    }
    return written.toString();
  }

  private String lineEnd() {
    return text.contains("\r\n") ? "\r\n" : "\n";
  }

  /** What the first line within the object has in front: one step. */
  private String step() {
    return root.fields().isEmpty() ? "  " : indent(root.fields().get(0).begin());
  }

  /** The white space in front of the line of a place. */
  private String indent(int place) {
    int line = text.lastIndexOf('\n', place - 1) + 1;
    int end = line;
    while (end < place && (text.charAt(end) == ' ' || text.charAt(end) == '\t')) {
      end++;
    }
    return text.substring(line, end);
  }

  /** A new line, one step deeper than that of a place; nothing in a text of one line. */
  private String lineBelow(int place) {
    return text.contains("\n") ? lineEnd() + indent(place) + step() : "";
  }
}
