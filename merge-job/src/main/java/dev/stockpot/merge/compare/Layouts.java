package dev.stockpot.merge.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells tensors that hold several projections or experts from those that hold one. */
public final class Layouts {
  /**
   * What one layout has in one tensor and another in several.
   *
   * @param what it is, for a user
   */
  private record Kind(String what, Pattern joined, Pattern single) {}

  private static final List<Kind> KINDS =
      List.of(
          new Kind(
              "experts",
              Pattern.compile("(.*\\.)?experts\\.[a-z_]\\w*(\\.weight)?"),
              Pattern.compile("(.*\\.)?experts\\.\\d+\\..*")),
          new Kind(
              "queries, keys and values",
              Pattern.compile(
                  ".*\\.(qkv_proj|query_key_value|c_attn|Wqkv|qkv|W_pack|in_proj|in_proj_weight)"
                      + "(\\.(weight|bias))?"),
              Pattern.compile(".*\\.(q_proj|query|wq|q_lin|q)\\.(weight|bias)")),
          new Kind(
              "gate and up projections",
              Pattern.compile(".*mlp\\.(gate_up_proj|w12|gate_and_up_proj)\\.weight"),
              Pattern.compile(".*mlp\\.(gate_proj|w1)\\.weight")));

  private Layouts() {}

  /**
   * In what two models are laid out differently.
   *
   * @param one name of a model, and names of its tensors
   * @return for a user; empty if there is nothing of that kind
   */
  public static Optional<String> difference(
      String one, Collection<String> ones, String other, Collection<String> others) {
    Set<String> onlyOne = without(ones, others);
    Set<String> onlyOther = without(others, ones);
    List<String> all = new ArrayList<>();
    for (Kind kind : KINDS) {
      words(kind, one, onlyOne, other, onlyOther)
          .or(() -> words(kind, other, onlyOther, one, onlyOne))
          .ifPresent(all::add);
    }
    return all.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", all));
  }

  private static Optional<String> words(
      Kind kind, String one, Set<String> ones, String other, Set<String> others) {
    Optional<String> joined = first(kind.joined(), ones);
    Optional<String> single = first(kind.single(), others);
    return joined.isPresent() && single.isPresent()
        ? Optional.of(
            "%s has %s in one tensor (%s), %s has each in its own (%s)"
                .formatted(one, kind.what(), joined.get(), other, single.get()))
        : Optional.empty();
  }

  private static Optional<String> first(Pattern pattern, Set<String> names) {
    return names.stream().filter(name -> pattern.matcher(name).matches()).sorted().findFirst();
  }

  private static Set<String> without(Collection<String> names, Collection<String> others) {
    Set<String> rest = new HashSet<>(names);
    rest.removeAll(new HashSet<>(others));
    return rest;
  }
}
