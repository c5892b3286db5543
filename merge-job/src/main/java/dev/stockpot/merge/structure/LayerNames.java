package dev.stockpot.merge.structure;

import dev.stockpot.merge.structure.CountKey.Form;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Values of a configuration that name layers of a stack, wherever they stand and whatever they are
 * called: texts and keys such as {@code model.layers.3.mlp}, maps with a key for each layer, and
 * lists with an entry for each, outside of the object that counts the layers.
 */
final class LayerNames {
  /** Maps from numbers that are none of layers. */
  private static final Pattern NEVER_OF_LAYERS =
      Pattern.compile("id2label|label2id|.*labels?.*|.*class(es)?.*|.*token.*|.*task.*");

  private static final Pattern OF_LAYERS = Pattern.compile(".*layer.*|.*block.*|pruned_heads");

  /** Lists that are as long as something else: halves of a head, its sections, sides of images. */
  private static final Pattern NEVER_LISTS_OF_LAYERS =
      Pattern.compile(
          "architectures|.*factors?|.*sections?|.*sizes?|.*_ids?|.*labels?|.*mean|.*std");

  /** What a model was made of and with, which names no layers. */
  private static final Pattern OF_ORIGIN = Pattern.compile("_.*|.*path.*|.*version.*|.*url.*");

  private static final Pattern MODULE = Pattern.compile("([a-z_]\\w*\\.)+\\d+(\\..*)?");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,6}");

  private final Configuration root;
  private final Stack stack;
  private final List<Integer> origins;
  private final Pattern mention;
  private final List<KeyEdit> edits = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();

  LayerNames(Configuration root, Stack stack, List<Integer> origins) {
    this.root = root;
    this.stack = stack;
    this.origins = origins;
    String word = stack.prefix().replaceAll("\\.$", "").replaceAll("^.*\\.", "");
    this.mention =
        Pattern.compile("(^|.*[^A-Za-z_])%s[\\[\\].\\\\]{1,3}\\d.*".formatted(Pattern.quote(word)));
  }

  /** What follows, and what cannot. */
  LayerKeys.Following follow() {
    if (!stack.isAsBefore(origins)) {
      walk(root, "");
    }
    return new LayerKeys.Following(edits, lost);
  }

  private void walk(Configuration object, String path) {
    for (String key : object.keys()) {
      String place = path + key;
      object
          .part(key)
          .ifPresentOrElse(
              part -> {
                if (!followMap(part, key, place)) {
                  walk(part, place + ".");
                }
              },
              () -> {
                followTexts(object, key, place);
                followList(object, key, place);
              });
    }
  }

  private void followTexts(Configuration object, String key, String place) {
    List<String> texts = object.texts(key);
    if (texts.stream().anyMatch(this::isNamed)) {
      List<String> now = new ArrayList<>();
      texts.forEach(text -> now.addAll(renamed(text)));
      if (!now.equals(texts)) {
        edits.add(new KeyEdit(place, new KeyEdit.Texts(now)));
      }
    }
    texts.stream()
        .filter(text -> !isNamed(text) && mentions(text))
        .findFirst()
        .ifPresent(text -> lose(place, text));
    object
        .text(key)
        .filter(text -> !OF_ORIGIN.matcher(key).matches() && mentions(text))
        .ifPresent(text -> lose(place, text));
  }

  /** Lists in the object that counts the layers are followed with the other keys of that object. */
  private void followList(Configuration object, String key, String place) {
    boolean isOfStage = stack.count().filter(count -> count.form() == Form.ELEMENT).isPresent();
    boolean isElsewhere = !place.equals(own() + key) && isOwnPart(place);
    if (!isElsewhere
        || isOfStage
        || object.length(key).orElse(-1) != stack.layers()
        || NEVER_LISTS_OF_LAYERS.matcher(key).matches()
        || object.texts(key).stream().anyMatch(this::isNamed)) {
      return;
    }
    if (OF_LAYERS.matcher(key).matches()) {
      edits.add(new KeyEdit(place, new KeyEdit.Rearranged(origins)));
    } else {
      lost.add(
          "%s: it has as many entries as there were layers, %s, and may be about them"
              .formatted(place, stack.layers()));
    }
  }

  /** Whether an object is a map of layers, and nothing in it has to be looked at. */
  private boolean followMap(Configuration map, String key, String place) {
    List<String> keys = map.keys();
    if (!keys.isEmpty() && keys.stream().allMatch(name -> NUMBER.matcher(name).matches())) {
      followNumbers(keys, key, place);
      return true;
    }
    if (keys.stream().anyMatch(this::isNamed)) {
      Map<String, String> now = new LinkedHashMap<>();
      keys.forEach(name -> renamed(name).forEach(other -> now.put(other, name)));
      if (!List.copyOf(now.keySet()).equals(keys)) {
        edits.add(new KeyEdit(place, new KeyEdit.Renamed(now)));
      }
      return true;
    }
    keys.stream().filter(this::mentions).findFirst().ifPresent(name -> lose(place, name));
    return false;
  }

  private void followNumbers(List<String> keys, String key, String place) {
    boolean isOfOthers =
        NEVER_OF_LAYERS.matcher(key).matches()
            || !isOwnPart(place)
            || keys.stream().anyMatch(number -> Integer.parseInt(number) >= stack.layers());
    if (isOfOthers) {
      return;
    }
    boolean isOfLayers = OF_LAYERS.matcher(key).matches() || keys.size() == stack.layers();
    if (!isOfLayers) {
      lost.add("%s: its keys may be layers (%s)".formatted(place, String.join(", ", keys)));
      return;
    }
    Map<String, String> now = new LinkedHashMap<>();
    for (int layer = 0; layer < origins.size(); layer++) {
      String before = String.valueOf(origins.get(layer));
      if (keys.contains(before)) {
        now.put(String.valueOf(layer), before);
      }
    }
    edits.add(new KeyEdit(place, new KeyEdit.Renamed(now)));
  }

  /** Whether a key stands in the object that counts the stack's layers, or outside of all parts. */
  private boolean isOwnPart(String place) {
    String own = own();
    return root.partPaths().stream()
        .filter(part -> place.startsWith(part + "."))
        .allMatch(part -> own.startsWith(part + "."));
  }

  /** The beginning of all keys of the object that counts the layers. */
  private String own() {
    return stack.countPath().orElse("").replaceAll("[^.]*$", "");
  }

  private boolean isNamed(String text) {
    return stack.layerOf(text).isPresent() || stack.layerOf(text + ".").isPresent();
  }

  private boolean mentions(String text) {
    return mention.matcher(text).matches() && !isOfAnotherStack(text);
  }

  /** Whether a text begins with the name of some other module than this stack's. */
  private boolean isOfAnotherStack(String text) {
    return MODULE.matcher(text).matches()
        && !stack.prefix().endsWith(text.replaceAll("\\d.*$", ""));
  }

  /** The names that a name of a layer, or of something within it, has from now on. */
  private List<String> renamed(String text) {
    if (!isNamed(text)) {
      return List.of(text);
    }
    String name = text.endsWith(".") || stack.layerOf(text).isPresent() ? text : text + ".";
    int layer = stack.layerOf(name).getAsInt();
    String rest = text.substring(stack.name(layer, "").length() - 1);
    return IntStream.range(0, origins.size())
        .filter(now -> origins.get(now) == layer)
        .mapToObj(now -> stack.name(now, "").replaceAll("\\.$", "") + rest)
        .toList();
  }

  private void lose(String place, String text) {
    lost.add("%s: %s seems to name layers, in a way that is not known".formatted(place, text));
  }
}
