package dev.stockpot.merge.recipe;

import dev.stockpot.kernels.random.Initialisation;
import dev.stockpot.kernels.random.Initialisation.Fan;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code init} and what belongs to it: words and defaults are those of PyTorch. */
final class InitialisationReader {
  /** Beside {@code init}. */
  static final List<String> KEYS =
      List.of(
          "init",
          "seed",
          "value",
          "mean",
          "std",
          "low",
          "high",
          "gain",
          "mode",
          "nonlinearity",
          "negative_slope");

  private static final double SLOPE = 0.01;

  private final Section section;
  private final Problems problems;

  InitialisationReader(Section section, Problems problems) {
    this.section = section;
    this.problems = problems;
  }

  /** What a tensor is filled with; empty if that is wrong. */
  Optional<Initialisation> read() {
    Optional<String> word = section.word("init");
    Optional<InitialisationWord> kind =
        Arrays.stream(InitialisationWord.values())
            .filter(any -> word.filter(any.word()::equals).isPresent())
            .findFirst();
    problems.addIf(
        kind.isEmpty(),
        section.lineOf("init"),
        "`init` is %s; %s"
            .formatted(
                word.orElse("missing"),
                Suggestion.or("it can be", word.orElse(""), InitialisationWord.words())));
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    int before = problems.count();
    for (String key : KEYS.subList(2, KEYS.size())) {
      problems.addIf(
          section.has(key) && !kind.get().takes(key),
          section.lineOf(key),
          "`%s` says nothing of `init: %s`; remove it".formatted(key, kind.get().word()));
    }
    Optional<Initialisation> made = Optional.empty();
    try {
      made = Optional.of(of(kind.get()));
    } catch (IllegalArgumentException e) {
      problems.add(
          section.lineOf("init"), "`init: %s`: %s".formatted(kind.get().word(), e.getMessage()));
    }
    return problems.count() == before ? made : Optional.empty();
  }

  private Initialisation of(InitialisationWord kind) {
    return switch (kind) {
      case ZEROS -> Initialisation.all(0);
      case ONES -> Initialisation.all(1);
      case CONSTANT -> Initialisation.all(needed("value"));
      case NORMAL -> Initialisation.normal(section.number("mean", 0), section.number("std", 1));
      case UNIFORM -> Initialisation.uniform(section.number("low", 0), section.number("high", 1));
      case XAVIER_UNIFORM -> Initialisation.scaledUniform(gain("linear", SLOPE), Fan.BOTH);
      case XAVIER_NORMAL -> Initialisation.scaledNormal(gain("linear", SLOPE), Fan.BOTH);
      case KAIMING_UNIFORM -> Initialisation.scaledUniform(gain("leaky_relu", 0), mode());
      case KAIMING_NORMAL -> Initialisation.scaledNormal(gain("leaky_relu", 0), mode());
      case ORTHOGONAL -> Initialisation.orthogonal(section.number("gain", 1));
      case IDENTITY -> Initialisation.identity();
    };
  }

  private double needed(String key) {
    problems.addIf(
        !section.has(key), section.lineOf("init"), "`%s` is missing beside `init`".formatted(key));
    return section.number(key, 0);
  }

  /** {@code torch.nn.init.calculate_gain}, unless it is said. */
  private double gain(String usual, double usualSlope) {
    Map<String, Double> gains =
        Map.of("linear", 1.0, "sigmoid", 1.0, "tanh", 5.0 / 3, "relu", Math.sqrt(2), "selu", 0.75);
    String word = section.word("nonlinearity").orElse(usual);
    boolean isLeaky = word.equals("leaky_relu");
    problems.addIf(
        !isLeaky && !gains.containsKey(word),
        section.lineOf("nonlinearity"),
        "`nonlinearity` is %s, must be one of `leaky_relu`, `linear`, `relu`, `selu`, `sigmoid`, `tanh`"
            .formatted(word));
    problems.addIf(
        section.has("negative_slope") && !isLeaky,
        section.lineOf("negative_slope"),
        "`negative_slope` is that of `nonlinearity: leaky_relu`, which is %s".formatted(word));
    problems.addIf(
        section.has("gain") && (section.has("nonlinearity") || section.has("negative_slope")),
        section.lineOf("gain"),
        "`gain` and `nonlinearity` say the same of %s; keep one".formatted(word));
    double slope = section.number("negative_slope", usualSlope);
    double ofWord = isLeaky ? Math.sqrt(2 / (1 + slope * slope)) : gains.getOrDefault(word, 1.0);
    return section.number("gain", ofWord);
  }

  private Fan mode() {
    String word = section.word("mode").orElse("fan_in");
    problems.addIf(
        !word.equals("fan_in") && !word.equals("fan_out"),
        section.lineOf("mode"),
        "`mode` is %s, must be `fan_in` or `fan_out`".formatted(word));
    return word.equals("fan_out") ? Fan.OUT : Fan.IN;
  }

  /** The seed, a whole number. */
  OptionalLong seed() {
    if (section.value("seed").isEmpty()) {
      return OptionalLong.empty();
    }
    String text = section.word("seed").orElse("").replaceFirst("\\.0$", "");
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      problems.add(section.lineOf("seed"), "`seed` is %s, must be a whole number".formatted(text));
      return OptionalLong.empty();
    }
  }
}
