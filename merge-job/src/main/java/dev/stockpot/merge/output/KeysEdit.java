package dev.stockpot.merge.output;

import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.structure.KeyEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Values that follow the layers of the output. */
record KeysEdit(List<KeyEdit> keys) implements ConfigEdit {
  KeysEdit {
    keys = List.copyOf(keys);
  }

  @Override
  public JsonObject apply(JsonObject config) {
    JsonObject changed = config;
    for (KeyEdit key : keys) {
      changed = with(changed, key.path(), key.change());
    }
    return changed;
  }

  private static JsonObject with(JsonObject object, String path, KeyEdit.Change change) {
    int dot = path.indexOf('.');
    String part = dot < 0 ? path : path.substring(0, dot);
    if (!object.has(part) && !(change instanceof KeyEdit.Whole)) {
      return object; // another edit has taken it away
    }
    if (dot < 0) {
      return object.with(path, changed(object, path, change));
    }
    JsonObject inner = object.object(part).orElse(JsonObject.EMPTY);
    return object.with(part, with(inner, path.substring(dot + 1), change));
  }

  private static JsonValue changed(JsonObject object, String key, KeyEdit.Change change) {
    if (change instanceof KeyEdit.Whole whole) {
      return JsonValue.of(whole.value());
    }
    if (change instanceof KeyEdit.Letters letters) {
      return JsonValue.of(letters.value());
    }
    if (change instanceof KeyEdit.Wholes wholes) {
      return JsonValue.of(wholes.values().stream().map(JsonValue::of).toList());
    }
    if (change instanceof KeyEdit.Texts texts) {
      return JsonValue.of(texts.values().stream().map(JsonValue::of).toList());
    }
    if (change instanceof KeyEdit.Renamed renamed) {
      JsonObject before = object.object(key).orElse(JsonObject.EMPTY);
      JsonObject after = JsonObject.EMPTY;
      for (Map.Entry<String, String> name : renamed.origins().entrySet()) {
        after = after.with(name.getKey(), before.get(name.getValue()).orElseThrow());
      }
      return after;
    }
    List<JsonValue> before = object.list(key);
    if (change instanceof KeyEdit.Element element) {
      List<JsonValue> after = new ArrayList<>(before);
      after.set(element.place(), JsonValue.of(element.value()));
      return JsonValue.of(after);
    }
    return JsonValue.of(((KeyEdit.Rearranged) change).origins().stream().map(before::get).toList());
  }
}
