package dev.stockpot.merge.structure;

import dev.stockpot.merge.structure.CountKey.Form;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * Tells stacks of blocks from other numbered tensors. Blocks are a stack if some key of the
 * configuration counts them, or if they are called so and no key says otherwise.
 */
final class StackFinder {
  /** How many blocks beyond the last layer predict further tokens. */
  private static final List<String> MTP_COUNTS =
      List.of(
          "num_nextn_predict_layers", "num_mtp_layers", "mtp_num_hidden_layers", "mtp_num_layers");

  /** Tensors that only a block has that predicts further tokens. */
  private static final Set<String> MTP_TENSORS =
      Set.of("eh_proj.weight", "enorm.weight", "hnorm.weight");

  private static final String USUAL_COUNT = "num_hidden_layers";
  private static final int MOST_EXAMPLES = 5;

  private final Configuration root;
  private final Collection<String> names;
  private final ConfigParts parts;
  private final CountKeys keys;
  private final StackWords words;

  private final List<Stack> stacks = new ArrayList<>();
  private final List<Doubt> doubts = new ArrayList<>();

  StackFinder(Configuration root, ConfigParts parts, Collection<String> names) {
    this.root = root;
    this.names = names;
    this.parts = parts;
    this.keys = new CountKeys(root, parts);
    this.words = new StackWords(parts);
    find();
  }

  /** All that could be told. */
  List<Stack> stacks() {
    return stacks;
  }

  /** All that could not. */
  List<Doubt> doubts() {
    return doubts;
  }

  private void find() {
    List<NumberedBlocks> all = NumberedBlocks.of(names);
    List<NumberedBlocks> uncounted = new ArrayList<>();
    for (NumberedBlocks blocks : all) {
      Optional<CountKey> key = countOf(blocks);
      if (key.isPresent() && blocks.isWhole()) {
        add(blocks, 0, blocks.height(), key);
      } else {
        uncounted.add(blocks);
      }
    }
    borrowed().forEach(this::forgetCount);
    uncounted.forEach(this::addUncounted);
    if (stacks.isEmpty() && doubts.isEmpty()) {
      addByNumbersAlone(all);
    }
    stacks.sort(Comparator.comparing(Stack::prefix).thenComparing(Stack::first));
  }

  private Optional<CountKey> countOf(NumberedBlocks blocks) {
    return measured(blocks.plainPrefix())
        .filter(key -> key.valueIn(root).orElse(-1) == blocks.height())
        .or(() -> keys.counting(blocks.prefix(), blocks.height()));
  }

  /** What our table says of a stack: names in it may lack, or have, an outer module. */
  private Optional<CountKey> measured(String prefix) {
    Map<String, String> counts = new LinkedHashMap<>();
    for (String part : new TreeSet<>(List.of("", parts.languageModel()))) {
      root.at(part)
          .flatMap(object -> object.text("model_type"))
          .flatMap(Families::of)
          .ifPresent(
              family ->
                  family.counts().forEach((stack, key) -> counts.put(stack, inside(part, key))));
    }
    return counts.entrySet().stream()
        .filter(entry -> isSame(entry.getKey(), prefix))
        .findFirst()
        .map(entry -> CountKey.of(entry.getValue()));
  }

  private static boolean isSame(String measured, String prefix) {
    return measured.equals(prefix)
        || measured.endsWith("." + prefix)
        || prefix.endsWith("." + measured);
  }

  private static String inside(String part, String key) {
    CountKey inner = CountKey.of(key);
    String path = inner.part().isEmpty() ? part : String.join(".", part, inner.part());
    return part.isEmpty() ? key : new CountKey(path, inner.key(), inner.form()).toString();
  }

  private void add(NumberedBlocks blocks, int first, int layers, Optional<CountKey> key) {
    String word = first > 0 ? Stack.MTP : words.of(blocks.prefix());
    stacks.add(new Stack(word, blocks.prefix(), first, layers, key));
  }

  /** Towers that nothing describes, and that are by chance as high as the language model. */
  private List<Stack> borrowed() {
    return stacks.stream()
        .filter(
            stack -> !isOfLanguageModel(stack.prefix()) && parts.namedAs(stack.prefix()).isEmpty())
        .filter(
            stack ->
                stacks.stream()
                    .anyMatch(
                        other ->
                            other.count().equals(stack.count())
                                && isOfLanguageModel(other.prefix())))
        .toList();
  }

  private boolean isOfLanguageModel(String prefix) {
    String word = words.of(prefix);
    return word.equals("text") || word.equals("encoder") || word.equals("decoder");
  }

  private void forgetCount(Stack stack) {
    stacks.remove(stack);
    stacks.add(
        new Stack(stack.word(), stack.prefix(), stack.first(), stack.layers(), Optional.empty()));
  }

  private void addUncounted(NumberedBlocks blocks) {
    Optional<CountKey> stated = stated(blocks.prefix());
    if (stated.isEmpty()) {
      addByName(blocks);
      return;
    }
    int expected = stated.get().valueIn(root).orElseThrow();
    if (blocks.isWhole() && expected > 0 && predicts(blocks, expected, stated.get())) {
      add(blocks, 0, expected, stated);
      add(blocks, expected, blocks.height() - expected, predictorCount(stated.get()));
    } else if (blocks.isNamedAsBlocks()) {
      doubts.add(
          new Doubt(
              blocks.prefix(),
              "config.json gives %s %s, but the tensors %s* have %s%s"
                  .formatted(
                      stated.get(),
                      expected,
                      blocks.prefix(),
                      blocks.numbers().size(),
                      gaps(blocks))));
    }
  }

  /** The key of a stack's own part that no other stack answers to. */
  private Optional<CountKey> stated(String prefix) {
    List<String> named = parts.namedAs(prefix);
    List<String> places =
        named.isEmpty() && isOfLanguageModel(prefix) ? parts.placesFor(prefix) : named;
    return places.stream()
        .flatMap(place -> keys.stated(prefix, place).stream())
        .findFirst()
        .filter(
            key ->
                stacks.stream().noneMatch(stack -> stack.count().filter(key::equals).isPresent()));
  }

  private void addByName(NumberedBlocks blocks) {
    if (!blocks.isNamedAsBlocks()) {
      return; // a list of single layers
    }
    if (blocks.isWhole()) {
      add(blocks, 0, blocks.height(), unstated(blocks.prefix()));
    } else {
      doubts.add(
          new Doubt(
              blocks.prefix(),
              "of the tensors %s* there are %s blocks%s"
                  .formatted(blocks.prefix(), blocks.numbers().size(), gaps(blocks))));
    }
  }

  /** Where the count of a language model would be, whose configuration leaves it to its class. */
  private Optional<CountKey> unstated(String prefix) {
    String part = parts.languageModel();
    if (!words.of(prefix).equals("text")) {
      return Optional.empty();
    }
    return root.at(part)
        .filter(object -> keys.stated(prefix, part).isEmpty())
        .flatMap(object -> object.text("model_type"))
        .flatMap(Families::of)
        .map(family -> family.count().isEmpty() ? USUAL_COUNT : family.count())
        .map(key -> new CountKey(part, key, Form.NUMBER));
  }

  private boolean predicts(NumberedBlocks blocks, int expected, CountKey count) {
    int more = blocks.height() - expected;
    if (more <= 0) {
      return false;
    }
    OptionalInt promised =
        predictorCount(count).map(key -> key.valueIn(root)).orElse(OptionalInt.empty());
    String last = blocks.prefix() + expected + ".";
    return promised.orElse(0) == more
        || MTP_TENSORS.stream().anyMatch(tensor -> names.contains(last + tensor));
  }

  private Optional<CountKey> predictorCount(CountKey count) {
    return new TreeSet<>(List.of(count.part(), ""))
        .descendingSet().stream()
            .flatMap(part -> MTP_COUNTS.stream().map(key -> new CountKey(part, key, Form.NUMBER)))
            .filter(key -> key.valueIn(root).isPresent())
            .findFirst();
  }

  /** Blocks that nothing describes and nothing names, such as {@code 0.}, {@code 1.}. */
  private void addByNumbersAlone(List<NumberedBlocks> all) {
    all.stream()
        .filter(blocks -> blocks.isWhole() && blocks.height() > 1)
        .max(Comparator.comparingInt(NumberedBlocks::tensors))
        .ifPresent(blocks -> add(blocks, 0, blocks.height(), Optional.empty()));
  }

  private static String gaps(NumberedBlocks blocks) {
    if (blocks.isWhole()) {
      return "";
    }
    List<String> gaps =
        IntStream.range(0, blocks.height())
            .filter(number -> !blocks.numbers().contains(number))
            .limit(MOST_EXAMPLES)
            .mapToObj(String::valueOf)
            .toList();
    return ", without " + String.join(", ", gaps);
  }
}
