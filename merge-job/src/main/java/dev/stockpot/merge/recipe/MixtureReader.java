package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.number.DType;
import dev.stockpot.merge.recipe.MixtureChoice.Expert;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads a recipe of a mixture of experts: the keys of mergekit-moe, and a few of ours. */
final class MixtureReader {
  private static final String EXPERTS = "experts";
  private static final String SHARED = "shared_experts";
  private static final String PER_TOKEN = "experts_per_token";
  private static final String LAYOUT = "expert_layout";
  private static final String SAME = "allow_all_same";
  private static final int USUAL_PER_TOKEN = 2;

  private static final Section.Keys MIXTURE =
      new Section.Keys(
          "a mixture of experts",
          List.of(
              "base_model",
              EXPERTS,
              SHARED,
              "gate_mode",
              "gate_file",
              "gate_scale",
              "gate_center",
              "prompt_ids",
              PER_TOKEN,
              "architecture",
              LAYOUT,
              SAME,
              "dtype",
              "out_dtype"),
          Map.of("models", "are merged, and there are `experts` as well; keep one"),
          Map.of("name", "says what a stage is called, and there is only one"),
          Optional.empty());

  private final StrayWords words;
  private final Problems problems;
  private final ModelReader models;

  /** What was read. */
  record Read(
      ModelReference base,
      Optional<MixtureChoice> mixture,
      Optional<ExpertChoice> taken,
      Optional<DType> dtype,
      Optional<DType> outDtype,
      int line) {}

  MixtureReader(StrayWords words) {
    this.words = words;
    this.problems = words.problems();
    this.models = new ModelReader(words);
  }

  /** Whether a mapping is a recipe of a mixture. */
  static boolean isOne(MapNode map) {
    return map.entry("merge_method").isEmpty() && map.entry(EXPERTS).isPresent();
  }

  /** The mixture; nothing if something is wrong with it, which is a problem then. */
  Optional<Read> read(MapNode map) {
    int before = problems.count();
    Section recipe = new Section(map, MIXTURE, words);
    ExpertReader reader = new ExpertReader(words, models);
    problems.addIf(
        !recipe.has("base_model"),
        recipe.line(),
        "`base_model` is missing: a mixture has its attention, embeddings and tokenizer");
    Optional<ModelReference> base = models.base(recipe);
    List<Expert> experts = reader.experts(recipe, EXPERTS);
    List<Expert> shared = recipe.has(SHARED) ? reader.experts(recipe, SHARED) : List.of();
    problems.addIf(
        shared.size() > 1,
        recipe.lineOf(SHARED),
        "`%s` lists %s models; no kind of mixture here has more than one shared expert"
            .formatted(SHARED, shared.size()));
    int perToken = perToken(recipe, experts.size());
    MixtureChoice.Gates gates = new GateReader(problems).read(recipe);
    Optional<DType> dtype = DTypeWord.of(recipe, "dtype", problems);
    Optional<DType> outDtype = DTypeWord.of(recipe, "out_dtype", problems);
    Optional<String> architecture = recipe.word("architecture");
    boolean isFused = isFused(recipe);
    boolean maySame = recipe.flag(SAME);
    if (problems.count() > before || base.isEmpty()) {
      return Optional.empty();
    }
    MixtureChoice mixture =
        new MixtureChoice(
            experts,
            shared.stream().findFirst(),
            gates,
            perToken,
            architecture,
            isFused,
            recipe.lineOf(EXPERTS));
    new MixtureRules(mixture, problems).check(maySame);
    return Optional.of(
            new Read(
                base.get(), Optional.of(mixture), Optional.empty(), dtype, outDtype, recipe.line()))
        .filter(any -> problems.count() == before);
  }

  private int perToken(Section recipe, int experts) {
    Optional<Double> number =
        recipe.value(PER_TOKEN).isPresent()
            ? scalar(recipe, PER_TOKEN).flatMap(ScalarNode::number)
            : Optional.of((double) USUAL_PER_TOKEN);
    boolean isWhole = number.filter(n -> n >= 1 && n == Math.rint(n)).isPresent();
    problems.addIf(
        !isWhole,
        recipe.lineOf(PER_TOKEN),
        "`%s` is %s, must be a whole number of at least 1"
            .formatted(PER_TOKEN, recipe.value(PER_TOKEN).map(Node::shown).orElse("")));
    problems.addIf(
        isWhole && experts > 0 && number.get() > experts,
        recipe.lineOf(PER_TOKEN),
        String.format(
            Locale.ROOT,
            "each token goes to %.0f experts (`%s`%s), and there %s only %s; list more, or write `%s: %s`",
            number.orElse(0.0),
            PER_TOKEN,
            recipe.has(PER_TOKEN) ? "" : ", without which it is " + USUAL_PER_TOKEN,
            experts == 1 ? "is" : "are",
            experts,
            PER_TOKEN,
            experts));
    return number.orElse(0.0).intValue();
  }

  private boolean isFused(Section recipe) {
    Optional<String> word = recipe.word(LAYOUT);
    problems.addIf(
        word.isPresent() && !List.of("split", "fused").contains(word.get()),
        recipe.lineOf(LAYOUT),
        "`%s` is %s, must be `split`, a tensor for each expert, or `fused`, one for all of a layer"
            .formatted(LAYOUT, word.orElse("")));
    return word.filter("fused"::equals).isPresent();
  }

  private static Optional<ScalarNode> scalar(Section section, String key) {
    List<ScalarNode> found = new ArrayList<>();
    section
        .value(key)
        .ifPresent(
            node -> {
              if (node instanceof ScalarNode scalar) {
                found.add(scalar);
              }
            });
    return found.stream().findFirst();
  }
}
