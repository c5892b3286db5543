package dev.stockpot.merge.report;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonWriter;

/** JSON that can stand in a script element of HTML. */
final class ScriptJson {
  private ScriptJson() {}

  /** No name in it can end the element. */
  static String of(JsonObject data) {
    return JsonWriter.text(JsonStyle.COMPACT, data)
        .replace("&", "\\u0026")
        .replace("<", "\\u003c")
        .replace(">", "\\u003e");
  }
}
