package dev.stockpot.merge.compare;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A tensor that holds what another layout has in several: the rows of one behind those of the
 * other, and all of an expert behind all of the one before.
 *
 * @param fused its name
 * @param singles names of its parts in order, for each expert; a single list if it has none
 * @param isOfExperts whether its first axis counts experts
 */
public record Fusion(String fused, List<List<String>> singles, boolean isOfExperts) {
  private static final Set<String> PHI = Set.of("phi3", "phi3_v");
  private static final Set<String> GLM = Set.of("phi3", "phi3_v", "glm", "glm4", "glm4v");

  /**
   * What is fused how.
   *
   * @param fused the last words of the tensor, and what they have in common with those of the parts
   * @param parts what the parts are called instead, in the order of their rows; one way of several
   * @param families of models in which that order is known; empty: in all of them
   */
  private record Rule(Pattern fused, List<List<String>> parts, Set<String> families) {
    static Rule of(String fused, Set<String> families, List<List<String>> parts) {
      return new Rule(Pattern.compile(fused), parts, families);
    }
  }

  /** Experts of [experts, out, in], as transformers 5 joins what its version 4 saves apart. */
  private static final List<Rule> EXPERTS =
      List.of(
          Rule.of(
              "(?<before>(.*\\.)?experts\\.)gate_up_proj(?<after>)",
              Set.of(),
              List.of(List.of("gate_proj", "up_proj"), List.of("w1", "w3"))),
          Rule.of(
              "(?<before>(.*\\.)?experts\\.)down_proj(?<after>)",
              Set.of(),
              List.of(List.of("down_proj"), List.of("w2"))),
          Rule.of(
              "(?<before>(.*\\.)?experts\\.)up_proj(?<after>)",
              Set.of(),
              List.of(List.of("up_proj"))));

  /** Other families have queries, keys and values by heads, or others before them. */
  private static final List<Rule> PROJECTIONS =
      List.of(
          Rule.of(
              "(?<before>.*\\.self_attn\\.)qkv_proj(?<after>\\.(weight|bias))",
              PHI,
              List.of(List.of("q_proj", "k_proj", "v_proj"))),
          Rule.of(
              "(?<before>.*\\.layers\\.\\d+\\.mlp\\.)gate_up_proj(?<after>\\.weight)",
              GLM,
              List.of(List.of("gate_proj", "up_proj"))));

  public Fusion {
    requireNonNull(fused, "fused is null");
    singles = singles.stream().map(List::copyOf).toList();
  }

  /** All parts, expert by expert. */
  public List<String> names() {
    return singles.stream().flatMap(List::stream).toList();
  }

  /**
   * What some names are, made of others.
   *
   * @param families what the configurations of the two models call their families
   * @return none for names whose parts are not there, or not known to be in the same order
   */
  public static List<Fusion> of(
      Collection<String> fused, Collection<String> singles, Collection<String> families) {
    Set<String> there = new HashSet<>(singles);
    List<Fusion> found = new ArrayList<>();
    for (String name : fused) {
      EXPERTS.forEach(rule -> experts(rule, name, there).ifPresent(found::add));
      PROJECTIONS.stream()
          .filter(rule -> families.stream().anyMatch(rule.families()::contains))
          .forEach(rule -> projections(rule, name, there).ifPresent(found::add));
    }
    return found;
  }

  private static Optional<Fusion> experts(Rule rule, String name, Set<String> there) {
    Matcher words = rule.fused().matcher(name);
    if (!words.matches()) {
      return Optional.empty();
    }
    for (List<String> parts : rule.parts()) {
      List<List<String>> experts = new ArrayList<>();
      List<String> expert = expert(words, parts, 0);
      while (there.containsAll(expert)) {
        experts.add(expert);
        expert = expert(words, parts, experts.size());
      }
      if (!experts.isEmpty()) {
        return Optional.of(new Fusion(name, experts, true));
      }
    }
    return Optional.empty();
  }

  private static List<String> expert(Matcher words, List<String> parts, int number) {
    String before = words.group("before");
    return parts.stream().map(part -> "%s%s.%s.weight".formatted(before, number, part)).toList();
  }

  private static Optional<Fusion> projections(Rule rule, String name, Set<String> there) {
    Matcher words = rule.fused().matcher(name);
    return !words.matches()
        ? Optional.empty()
        : rule.parts().stream()
            .map(
                parts ->
                    parts.stream()
                        .map(part -> words.group("before") + part + words.group("after"))
                        .toList())
            .filter(there::containsAll)
            .findFirst()
            .map(parts -> new Fusion(name, List.of(parts), false));
  }
}
