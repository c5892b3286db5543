package dev.stockpot.merge.recipe;

import dev.stockpot.merge.recipe.MixtureChoice.GateMode;
import dev.stockpot.merge.recipe.MixtureChoice.Gates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how the routers of a mixture are made. */
final class GateReader {
  private static final String MODE = "gate_mode";
  private static final String FILE = "gate_file";
  private static final String SCALE = "gate_scale";
  private static final String CENTER = "gate_center";
  private static final String IDS = "prompt_ids";

  private final Problems problems;

  GateReader(Problems problems) {
    this.problems = problems;
  }

  Gates read(Section recipe) {
    Optional<ModelReference> file = file(recipe);
    GateMode mode = mode(recipe, file.isPresent());
    problems.addIf(
        mode.readsStates() && !recipe.has(FILE),
        recipe.lineOf(MODE),
        "`gate_mode: %s`%s needs what the base model makes of the prompts, for which it must run; run `stockpot-tools gates RECIPE --output FILE` and add `gate_file: FILE`, or write `gate_mode: cheap_embed`, which reads embeddings alone"
            .formatted(mode.word(), recipe.has(MODE) ? "" : ", which counts without the key,"));
    boolean readsFile = mode.readsStates() || mode == GateMode.FILE;
    problems.addIf(
        !readsFile && recipe.has(FILE),
        recipe.lineOf(FILE),
        "`gate_mode: %s` reads no `gate_file`; remove one of them".formatted(mode.word()));
    problems.addIf(
        mode == GateMode.FILE && !recipe.has(FILE),
        recipe.lineOf(MODE),
        "`gate_mode: file` needs `gate_file`, safetensors with the routers' rows");
    problems.addIf(
        recipe.has(IDS) && mode != GateMode.CHEAP_EMBED,
        recipe.lineOf(IDS),
        "`prompt_ids` are read by `gate_mode: cheap_embed` alone, and this is %s; remove them"
            .formatted(mode.word()));
    return new Gates(
        mode, file, scale(recipe), recipe.flag(CENTER), promptIds(recipe), recipe.lineOf(MODE));
  }

  private GateMode mode(Section recipe, boolean hasFile) {
    Optional<String> word = recipe.word(MODE);
    if (word.isEmpty()) {
      return hasFile ? GateMode.FILE : GateMode.HIDDEN;
    }
    List<String> all = Arrays.stream(GateMode.values()).map(GateMode::word).toList();
    Optional<GateMode> mode =
        Arrays.stream(GateMode.values()).filter(one -> one.word().equals(word.get())).findFirst();
    problems.addIf(
        mode.isEmpty(),
        recipe.lineOf(MODE),
        "`gate_mode` is %s; %s".formatted(word.get(), Suggestion.or("it may be", word.get(), all)));
    return mode.orElse(GateMode.ZERO);
  }

  private Optional<ModelReference> file(Section recipe) {
    Optional<ModelReference> file =
        recipe
            .word(FILE)
            .filter(ModelReader::isPath)
            .map(path -> new ModelReference(path, recipe.lineOf(FILE)))
            .filter(place -> !place.isPattern());
    problems.addIf(
        recipe.word(FILE).isPresent() && file.isEmpty(),
        recipe.lineOf(FILE),
        "`gate_file` is %s, must be the path of a file or folder of safetensors, and no pattern"
            .formatted(recipe.word(FILE).orElse("")));
    return file;
  }

  private double scale(Section recipe) {
    Optional<Double> number = Optional.of(1.0);
    if (recipe.value(SCALE).isPresent()) {
      number =
          recipe.value(SCALE).get() instanceof ScalarNode scalar
              ? scalar.number().filter(n -> Double.isFinite(n) && n > 0)
              : Optional.empty();
    }
    problems.addIf(
        number.isEmpty(),
        recipe.lineOf(SCALE),
        "`gate_scale` is %s, must be a number above 0, and 1 is mergekit's"
            .formatted(recipe.value(SCALE).map(Node::shown).orElse("")));
    return number.orElse(1.0);
  }

  private Map<String, List<Integer>> promptIds(Section recipe) {
    Map<String, List<Integer>> ids = new LinkedHashMap<>();
    for (MapNode.Entry entry : recipe.map(IDS).map(MapNode::entries).orElse(List.of())) {
      List<Integer> tokens = tokens(entry);
      problems.addIf(
          tokens.isEmpty(),
          entry.line(),
          "tokens of the prompt `%s` must be a list of whole numbers, at least one, none below 0"
              .formatted(entry.key()));
      ids.put(entry.key(), tokens);
    }
    return ids;
  }

  /** The tokens; none if they are not what they should be. */
  private static List<Integer> tokens(MapNode.Entry entry) {
    List<Integer> tokens = new ArrayList<>();
    List<Node> nodes = entry.value() instanceof ListNode list ? list.elements() : List.of();
    for (Node node : nodes) {
      Optional<Double> number =
          node instanceof ScalarNode scalar ? scalar.number() : Optional.empty();
      if (number.filter(n -> n >= 0 && n == n.intValue()).isEmpty()) {
        return List.of();
      }
      tokens.add(number.get().intValue());
    }
    return tokens;
  }
}
