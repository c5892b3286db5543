package dev.stockpot.merge.structure;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which tensors of a model stand for others that a checkpoint need not hold.
 *
 * @param sharing of the output head and the input embedding
 * @param twins names that the family's loader fills from another tensor, and that other's
 */
record Ties(Sharing sharing, Map<String, String> twins) {
  /** The key that says whether head and embedding are one. */
  public static final String KEY = "tie_word_embeddings";

  private static final String HEAD = "lm_head.weight";
  private static final List<String> EMBEDDINGS = List.of("embed_tokens.weight", "wte.weight");

  /** The embedding that encoder and decoder have in common, whatever the head is. */
  private static final String COMMON = "shared.weight";

  private static final Pattern OF_A_SIDE =
      Pattern.compile("(.*\\.|)(?:encoder|decoder)\\.((?:embed_tokens|word_embeddings)\\.weight)");

  public Ties {
    requireNonNull(sharing, "sharing is null");
    twins = Map.copyOf(twins);
  }

  /** Of a configuration, whose silence means what its family's classes make of it. */
  static Ties of(Configuration root, ConfigParts parts) {
    List<Configuration> objects = new ArrayList<>(List.of(root));
    root.at(parts.languageModel()).ifPresent(objects::add);
    List<Families.Family> families =
        objects.stream()
            .flatMap(object -> object.text("model_type").stream())
            .flatMap(type -> Families.of(type).stream())
            .toList();
    Map<String, String> twins = new LinkedHashMap<>();
    families.forEach(family -> family.twins().forEach(twins::putIfAbsent));
    return new Ties(sharing(root, objects, families), twins);
  }

  /**
   * Versions of a library read either of two keys, and checkpoints have been written whose keys
   * disagree: then those whose head is not there have left it to the one that ties.
   */
  private static Sharing sharing(
      Configuration root, List<Configuration> objects, List<Families.Family> families) {
    List<Boolean> said =
        objects.stream().flatMap(object -> object.flag(KEY).stream()).distinct().toList();
    Optional<Boolean> usual = families.stream().findFirst().map(Families.Family::tied);
    boolean isLeftToClass = root.flag(KEY).isEmpty() && usual.orElse(false);
    if (said.contains(true) || isLeftToClass) {
      return Sharing.SHARED;
    }
    return said.isEmpty() && usual.isEmpty() ? Sharing.UNTOLD : Sharing.SEPARATE;
  }

  /** Whether a tensor is an output head, which may share the weights of the embedding. */
  public boolean isHead(String tensor) {
    return isNamed(tensor, HEAD)
        || twins.entrySet().stream()
            .anyMatch(twin -> isNamed(tensor, twin.getKey()) && !isNamed(twin.getValue(), COMMON));
  }

  /**
   * The tensor that stands for one that the model does not hold; empty if none does.
   *
   * @param holds whether the model has a tensor
   * @param names of the model's tensors
   */
  public Optional<String> twinOf(String absent, Iterable<String> names, Predicate<String> holds) {
    for (Map.Entry<String, String> twin : twins.entrySet()) {
      boolean always = isNamed(twin.getValue(), COMMON) && !isNamed(twin.getKey(), HEAD);
      if (isNamed(absent, twin.getKey()) && (always || sharing == Sharing.SHARED)) {
        String outer = absent.substring(0, absent.length() - twin.getKey().length());
        for (String candidate : List.of(outer + twin.getValue(), twin.getValue())) {
          if (holds.test(candidate)) {
            return Optional.of(candidate);
          }
        }
      }
    }
    Optional<String> common = common(absent).stream().filter(holds).findFirst();
    if (common.isPresent()) {
      return common;
    }
    return sharing == Sharing.SHARED && isNamed(absent, HEAD) ? embedding(names) : Optional.empty();
  }

  /**
   * What an encoder or a decoder may have instead of an embedding of its own: {@code
   * model.shared.weight} for {@code model.decoder.embed_tokens.weight}.
   */
  private static List<String> common(String embedding) {
    Matcher side = OF_A_SIDE.matcher(embedding);
    return side.matches()
        ? List.of(side.group(1) + COMMON, side.group(1) + side.group(2))
        : List.of();
  }

  private static Optional<String> embedding(Iterable<String> names) {
    for (String name : names) {
      if (EMBEDDINGS.stream().anyMatch(name::endsWith)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static boolean isNamed(String tensor, String name) {
    return tensor.equals(name) || tensor.endsWith("." + name);
  }
}
