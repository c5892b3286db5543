package dev.stockpot.merge.compare;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What it means that a configuration does not say something that another one says. */
final class Silence {
  /** What a class takes that takes nothing. */
  static final String NOTHING = "null";

  private static final String BY_DEFAULT = " by default";

  /** Keys of which null is no value, but leaves it to the class. */
  private static final Pattern TAKEN_FOR_NULL =
      Pattern.compile("layer_types|.*act(ivation)?|.*_fn");

  private static final Set<String> WORKED_OUT = Set.of("head_dim", "num_key_value_heads");
  private static final String KINDS = "layer_types";

  /** Keys by which kinds of layers are worked out where no list says them. */
  private static final Pattern WORKS_OUT_KINDS =
      Pattern.compile(".*_pattern|.*_interval|.*_period|.*_every_n_layers|.*block_types?|is_.*");

  /** Keys whose silence is told though nothing is known of the class. */
  private static final Set<String> ALWAYS_TOLD =
      Set.of(
          "rope_theta",
          "partial_rotary_factor",
          "sliding_window",
          "attn_logit_softcapping",
          "final_logit_softcapping");

  private final Described model;
  private final String part;
  private final String key;

  private Silence(Described model, String path) {
    this.model = model;
    this.part = path.substring(0, path.lastIndexOf('.') + 1);
    this.key = path.substring(path.lastIndexOf('.') + 1);
  }

  /**
   * What a model without a value computes with, in words that follow "rope_theta is".
   *
   * @param said what the other one says
   * @return empty where that is not known
   */
  static Optional<String> of(Described model, String path, String said) {
    return new Silence(model, path).means(said);
  }

  /** A value of {@link #of} as one would say it; any other as it is. */
  static String plain(String value) {
    return value.endsWith(BY_DEFAULT)
        ? value.substring(0, value.length() - BY_DEFAULT.length())
        : value;
  }

  private static String byDefault(String value) {
    return value + BY_DEFAULT;
  }

  private Optional<String> means(String said) {
    Optional<String> type = model.said(part + "model_type");
    if (type.isEmpty()) {
      return Optional.empty();
    }
    boolean isNull = model.nulls().contains(part + key) && !TAKEN_FOR_NULL.matcher(key).matches();
    Optional<String> taken =
        ClassDefaults.of(type.get(), key)
            .flatMap(usual -> isNull ? Optional.of(NOTHING) : listed(usual, said));
    if (WORKED_OUT.contains(key) && taken.filter(NOTHING::equals).isPresent()) {
      return workedOut().map(Silence::byDefault);
    }
    if (taken.isPresent()) {
      boolean isNothing = taken.get().equals(NOTHING);
      return Optional.of(isNothing ? NOTHING : byDefault(taken.get()));
    }
    boolean isTold = ALWAYS_TOLD.contains(key) && !ClassDefaults.knowType(type.get());
    return isTold ? Optional.of("not there") : Optional.empty();
  }

  /** What classes make of other values where their own default is nothing. */
  private Optional<String> workedOut() {
    Optional<String> heads = model.said(part + "num_attention_heads");
    Optional<String> width = model.said(part + "hidden_size");
    return key.equals("head_dim")
        ? width.flatMap(all -> heads.flatMap(number -> quotient(all, number)))
        : heads;
  }

  private static Optional<String> quotient(String width, String heads) {
    try {
      BigDecimal[] parts = new BigDecimal(width).divideAndRemainder(new BigDecimal(heads));
      return parts[1].signum() == 0 ? Optional.of(parts[0].toPlainString()) : Optional.empty();
    } catch (ArithmeticException | NumberFormatException e) { // then they are no sizes
      return Optional.empty();
    }
  }

  /** Kinds of layers repeat, for as many layers as the other one has, unless keys change them. */
  private Optional<String> listed(String usual, String said) {
    if (!key.equals(KINDS) || usual.equals(NOTHING)) {
      return Optional.of(usual);
    }
    boolean isWorkedOut =
        model.values().keySet().stream()
                .filter(path -> path.startsWith(part))
                .anyMatch(path -> WORKS_OUT_KINDS.matcher(path.substring(part.length())).matches())
            || model.said(part + "use_sliding_window").filter("true"::equals).isPresent();
    String[] kinds = usual.split(",", -1);
    int layers = (int) said.chars().filter(c -> c == ',').count() + 1;
    String list =
        IntStream.range(0, layers)
            .mapToObj(layer -> "\"%s\"".formatted(kinds[layer % kinds.length]))
            .collect(Collectors.joining(",", "[", "]"));
    return isWorkedOut ? Optional.empty() : Optional.of(list);
  }
}
