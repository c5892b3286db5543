package dev.stockpot.merge.compose;

import dev.stockpot.merge.checkpoint.ModelConfig;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.model.Model;
import dev.stockpot.merge.model.TensorSource;
import dev.stockpot.merge.recipe.Carry;
import dev.stockpot.merge.recipe.ComposeRule.Fit;
import dev.stockpot.merge.recipe.ComposeRule.Take;
import dev.stockpot.merge.recipe.ModelReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** What rules carry to other widths and vocabularies, and what follows for the configuration. */
final class CarriedTensors {
  private final Map<ModelReference, Model> models;
  private final TokenRows rows;
  private final Carrying carrying;
  private final Map<String, TensorSource> hidden = new LinkedHashMap<>();
  private final Shifts shifts;
  private final List<String> notices = new ArrayList<>();
  private final Map<String, Optional<JsonValue>> config = new LinkedHashMap<>();

  /**
   * A tensor, and what it is made of, in words.
   *
   * @param bias a new one that its layer gets, where a map adds something and it had none
   */
  record Carried(TensorSource source, String words, Optional<Shifts.Bias> bias) {}

  /** Who takes tensors of the output. */
  @FunctionalInterface
  interface Taker {
    void take(String name, TensorSource source, String words);
  }

  CarriedTensors(Map<ModelReference, Model> models, TokenRows tokens, FitStatistics statistics) {
    this.models = models;
    this.rows = tokens;
    this.carrying = new Carrying(models, tokens, statistics);
    this.shifts = new Shifts(models);
  }

  /**
   * A tensor as a rule carries it.
   *
   * @param made tensors of the output, by name
   * @throws IllegalArgumentException if that cannot be
   */
  Carried carried(
      Take rule,
      String name,
      TensorSource source,
      String origin,
      Function<String, Optional<TensorSource>> made) {
    Carry carry = rule.carry();
    TensorSource carried = source;
    String words = origin;
    if (carry.tokens().isPresent()) {
      Carry.Tokens tokens = carry.tokens().get();
      String stored = source.place(0).tensor();
      TensorSource theirs =
          Optional.ofNullable(models.get(tokens.of()).tensors().get(stored))
              .orElseGet(() -> SharedRowsFit.embedding(models.get(tokens.of()), tokens.of()));
      carried = new Transplant(stored, source, theirs, rule.from(), tokens).made(rows);
      words = "%s, tokens of %s by %s".formatted(words, tokens.of(), tokens.method().word());
      follow(tokens.of(), carried.shape().dimensions().get(0));
    }
    Optional<Shifts.Bias> bias = Optional.empty();
    if (carry.through().isPresent()) {
      String through = carry.through().get();
      TensorSource map = map(through, made);
      if (shifts.isBias(rule, carried)) {
        carried = shifts.ofBias(rule, name, carried);
        words = "%s, plus its matrix times what %s adds".formatted(words, through);
      } else {
        bias = shifts.ofMatrix(rule, name, carried);
        carried = Carrying.through(name, carried, map);
        words = "%s, times %s".formatted(words, through);
      }
    }
    if (carry.onto().isPresent()) {
      shifts.requireNone(carry.onto().get());
      carried = Carrying.onto(name, carried, map(carry.onto().get(), made));
      words = "%s times %s".formatted(carry.onto().get(), words);
    }
    return new Carried(carried, words, bias);
  }

  private TensorSource map(String name, Function<String, Optional<TensorSource>> made) {
    return made.apply(name)
        .or(() -> Optional.ofNullable(hidden.get(name)))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no rule above makes %s, which it is multiplied with".formatted(name)));
  }

  /** What the configuration says of tokens. */
  private void follow(ModelReference donor, long rows) {
    config.put("vocab_size", Optional.of(JsonValue.of(rows)));
    ModelConfig.textPart(models.get(donor).config().tree())
        .fields()
        .forEach(
            (key, value) -> {
              if (key.endsWith("_token_id")) {
                config.put(key, Optional.of(value));
              }
            });
  }

  /**
   * Finds a map.
   *
   * @throws IllegalArgumentException if there is none
   */
  void fit(Fit rule, Taker output) {
    Carrying.Fitted fitted = carrying.fitted(rule);
    if (!rule.isHidden()) {
      output.take(rule.as(), fitted.map(), "new, " + fitted.words());
      notices.add(
          "%s maps states between layers of other widths: no class of transformers loads such a model as it is, so write a module that applies it"
              .formatted(rule.as()));
    } else if (hidden.putIfAbsent(rule.as(), fitted.map()) != null) {
      throw new IllegalArgumentException("%s is found twice".formatted(rule.as()));
    }
    fitted
        .bias()
        .ifPresent(
            bias -> {
              shifts.add(rule.as(), bias);
              if (!rule.isHidden()) {
                output.take(
                    rule.bias().orElseThrow(), bias, "new, what %s adds".formatted(rule.as()));
              }
            });
    fitted
        .explained()
        .ifPresent(
            share ->
                output.take(
                    rule.explained().orElseThrow(),
                    share,
                    "new, share of the variance that %s explains".formatted(rule.as())));
  }

  /** Values that follow the tokens, by their names. */
  Map<String, Optional<JsonValue>> config() {
    return config;
  }

  /** Biases that must be carried as their matrices are, and are not. */
  List<Shifts.Owed> owed() {
    return shifts.owed();
  }

  List<String> notices() {
    return notices;
  }
}
