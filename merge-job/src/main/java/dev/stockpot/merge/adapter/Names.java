package dev.stockpot.merge.adapter;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The names of a base's tensors, and which of them an adapter means. An adapter has the names of
 * the class that it was trained with, which may begin otherwise: {@code model.layers.0} for {@code
 * layers.0}, {@code model.language_model.layers.0} for {@code language_model.model.layers.0}.
 */
final class Names {
  /** What is the same in all such names: from the first numbered block on. */
  private static final Pattern NUMBERED = Pattern.compile("(?:.*?\\.)??(([^.]+\\.\\d+)\\..+)");

  private static final int NEAREST = 3;

  private final Set<String> names;
  private final Map<String, List<String>> byCore = new HashMap<>();
  private final Map<String, List<String>> byBlock = new HashMap<>();

  Names(Collection<String> names) {
    this.names = new LinkedHashSet<>(names);
    for (String name : this.names) {
      byCore.computeIfAbsent(core(name), any -> new ArrayList<>()).add(name);
      block(name)
          .ifPresent(block -> byBlock.computeIfAbsent(block, any -> new ArrayList<>()).add(name));
    }
  }

  /** From the first numbered block on; without one, the last two parts. */
  private static String core(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    if (numbered.matches()) {
      return numbered.group(1);
    }
    int last = name.lastIndexOf('.');
    return name.substring(name.lastIndexOf('.', last - 1) + 1);
  }

  boolean holds(String name) {
    return names.contains(name);
  }

  /** The tensor that a name means: of that name, or the only one that it can be. */
  Optional<String> find(String wanted) {
    if (names.contains(wanted)) {
      return Optional.of(wanted);
    }
    List<String> candidates = byCore.getOrDefault(core(wanted), List.of());
    if (candidates.size() < 2) {
      return candidates.stream().findFirst();
    }
    long most = candidates.stream().mapToLong(name -> shared(name, wanted)).max().orElse(0);
    List<String> nearest =
        candidates.stream().filter(name -> shared(name, wanted) == most).toList();
    return nearest.size() == 1 ? Optional.of(nearest.get(0)) : Optional.empty();
  }

  /** How many parts of a name another one has, too. */
  private static long shared(String name, String wanted) {
    List<String> rest = new ArrayList<>(List.of(wanted.split("\\.", -1)));
    long shared = 0;
    for (String part : name.split("\\.", -1)) {
      if (rest.remove(part)) {
        shared++;
      }
    }
    return shared;
  }

  /** Names that are most like one that means none, or several. */
  String nearest(String wanted) {
    List<String> nearest =
        names.stream()
            .sorted(Comparator.comparingLong((String name) -> shared(name, wanted)).reversed())
            .limit(NEAREST)
            .toList();
    return String.join(", ", nearest);
  }

  /**
   * The names in the numbered block of another one, whatever stands before that.
   *
   * @param wanted a name that is there, or could be
   * @param pattern of those that count
   */
  List<Matcher> inBlock(String wanted, Pattern pattern) {
    return block(wanted).stream()
        .flatMap(block -> byBlock.getOrDefault(block, List.of()).stream())
        .map(pattern::matcher)
        .filter(Matcher::matches)
        .toList();
  }

  /** {@code layers.0} of {@code model.layers.0.mlp.experts.1.w1}; nothing outside of blocks. */
  private static Optional<String> block(String name) {
    Matcher numbered = NUMBERED.matcher(name);
    return numbered.matches() ? Optional.of(numbered.group(2)) : Optional.empty();
  }
}
