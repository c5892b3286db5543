package dev.stockpot.merge.compare;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of one model's tensors in the words of another: {@code bert.encoder.…} and {@code
 * encoder.…} are one tensor if the rest of the names say so.
 */
public final class Naming {
  /** What wrappers of modules are called: one may stand for another, or for none. */
  private static final Set<String> WRAPPERS =
      Set.of(
          "model",
          "module",
          "language_model",
          "base_model",
          "text_model",
          "vision_model",
          "transformer",
          "llm");

  /** What a library has called a mixture of experts, before and since. */
  private static final List<String> MIXTURE = List.of("block_sparse_moe", "mlp");

  private static final Set<String> HEADS = Set.of("lm_head.weight", "embed_out.weight");

  /** Prefixes are at most that many words long. */
  private static final int MOST_WORDS = 4;

  /** A rule needs that many tensors, unless it only takes wrappers away or puts them there. */
  private static final int LEAST_TENSORS = 2;

  /**
   * Another beginning of names.
   *
   * @param before with its dot; empty: the names just get the other in front
   */
  record Rule(String before, String after) {
    boolean isOfWrappers() {
      return areWrappers(before) && areWrappers(after);
    }

    /** Takes words away, or adds some, or exchanges wrappers: all else would be a guess. */
    boolean isCareful() {
      List<String> here = words(before);
      List<String> there = words(after);
      here.removeIf(there::remove);
      return here.isEmpty()
          || there.isEmpty()
          || (WRAPPERS.containsAll(here) && WRAPPERS.containsAll(there));
    }

    private static List<String> words(String prefix) {
      List<String> words = new ArrayList<>(List.of(prefix.split("\\.", -1)));
      words.removeIf(String::isEmpty);
      return words;
    }

    private static boolean areWrappers(String prefix) {
      for (String word : prefix.split("\\.", -1)) {
        if (!word.isEmpty() && !WRAPPERS.contains(word)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      String rest = HEADS.contains(before) ? "" : "*";
      return "%s%s for %s%s".formatted(after, rest, before, rest);
    }
  }

  private final Map<String, String> renamed = new LinkedHashMap<>();
  private final Set<Rule> rules = new LinkedHashSet<>();

  private Naming() {}

  /**
   * How a model's tensors are called in another.
   *
   * @param others names of that other's tensors
   * @param own names of the model's tensors
   */
  public static Naming of(Collection<String> others, Collection<String> own) {
    if (others.containsAll(own)) { // most models: then the many names need no second look
      return new Naming();
    }
    return unwrapped(others, own)
        .or(() -> exchanged(others, own, MIXTURE.get(0), MIXTURE.get(1)))
        .or(() -> exchanged(others, own, MIXTURE.get(1), MIXTURE.get(0)))
        .orElseGet(() -> byPrefixes(others, own));
  }

  /** Where trainers have put their own modules around those of a model, in front or within. */
  private static Optional<Naming> unwrapped(Collection<String> others, Collection<String> own) {
    Optional<TrainerWrappers> theirs = TrainerWrappers.in(others);
    Optional<TrainerWrappers> ours = TrainerWrappers.in(own);
    boolean isMeant =
        Stream.of(theirs, ours).allMatch(Optional::isPresent)
            && Stream.of(theirs, ours).anyMatch(found -> !found.get().words().isEmpty());
    if (!isMeant) {
      return Optional.empty();
    }
    Naming naming = of(theirs.get().plain().keySet(), ours.get().plain().keySet());
    Map<String, String> rest = Map.copyOf(naming.renamed);
    naming.renamed.clear();
    ours.get()
        .plain()
        .forEach(
            (plain, name) -> {
              String bare = rest.getOrDefault(plain, plain);
              String last = theirs.get().plain().getOrDefault(bare, bare);
              if (!last.equals(name)) {
                naming.renamed.put(name, last);
              }
            });
    ours.get().words().forEach(word -> naming.rules.add(new Rule(word + ".", "")));
    theirs.get().words().stream()
        .filter(word -> !ours.get().words().contains(word))
        .forEach(word -> naming.rules.add(new Rule("", word + ".")));
    return Optional.of(naming);
  }

  /** Where each has another word for one module, with something in it that both have. */
  private static Optional<Naming> exchanged(
      Collection<String> others, Collection<String> own, String before, String after) {
    Pattern theirs = Pattern.compile("(?<=\\.)%s(?=\\.)".formatted(before));
    Pattern ours = Pattern.compile("(?<=\\.)%s(?=\\.)".formatted(after));
    Map<String, String> words = new LinkedHashMap<>();
    own.forEach(name -> words.put(name, theirs.matcher(name).replaceAll(after)));
    boolean isMeant =
        own.stream().noneMatch(ours.asPredicate())
            && others.stream().noneMatch(theirs.asPredicate())
            && own.stream()
                .filter(theirs.asPredicate())
                .map(words::get)
                .anyMatch(new HashSet<>(others)::contains);
    if (!isMeant) {
      return Optional.empty();
    }
    Naming naming = byPrefixes(others, words.values());
    Map<String, String> rest = Map.copyOf(naming.renamed);
    naming.renamed.clear();
    words.forEach(
        (name, other) -> {
          String last = rest.getOrDefault(other, other);
          if (!last.equals(name)) {
            naming.renamed.put(name, last);
          }
        });
    naming.rules.add(new Rule(before + ".", after + "."));
    return Optional.of(naming);
  }

  private static Naming byPrefixes(Collection<String> others, Collection<String> own) {
    Naming naming = new Naming();
    Set<String> free = new LinkedHashSet<>(others);
    free.removeAll(new LinkedHashSet<>(own));
    Set<String> open = new LinkedHashSet<>(own);
    open.removeAll(new LinkedHashSet<>(others));
    Set<String> taken = new LinkedHashSet<>(own);
    taken.removeAll(open);
    for (Optional<Rule> rule = best(free, open); rule.isPresent(); rule = best(free, open)) {
      naming.apply(rule.get(), free, open, taken);
    }
    naming.carryAlong(open, taken);
    naming.nameHead(free, open);
    return naming;
  }

  private void apply(Rule rule, Set<String> free, Set<String> open, Set<String> taken) {
    rules.add(rule);
    for (String name : List.copyOf(open)) {
      if (name.startsWith(rule.before())) {
        String other = rule.after() + name.substring(rule.before().length());
        if (free.remove(other)) {
          renamed.put(name, other);
          open.remove(name);
          taken.add(other);
        }
      }
    }
  }

  /** What the other lacks goes with its neighbours, where a prefix tells who these are. */
  private void carryAlong(Set<String> open, Set<String> taken) {
    for (Rule rule : rules) {
      for (String name : List.copyOf(open)) {
        String other =
            rule.after() + name.substring(Math.min(name.length(), rule.before().length()));
        if (name.startsWith(rule.before()) && !taken.contains(other) && !open.contains(other)) {
          renamed.put(name, other);
          open.remove(name);
          taken.add(other);
        }
      }
    }
  }

  /**
   * The head of a family has one name in its checkpoints and another in the memory of a trainer.
   */
  private void nameHead(Set<String> free, Set<String> open) {
    List<String> theirs = open.stream().filter(HEADS::contains).toList();
    List<String> ours = free.stream().filter(HEADS::contains).toList();
    if (theirs.size() == 1 && ours.size() == 1) {
      renamed.put(theirs.get(0), ours.get(0));
      rules.add(new Rule(theirs.get(0), ours.get(0)));
    }
  }

  /** The rule that most tensors speak for. */
  private static Optional<Rule> best(Set<String> free, Set<String> open) {
    Map<String, List<String>> byRest = new HashMap<>();
    for (String name : free) {
      for (String prefix : prefixes(name)) {
        byRest
            .computeIfAbsent(name.substring(prefix.length()), any -> new ArrayList<>())
            .add(prefix);
      }
    }
    Map<Rule, Integer> votes = new LinkedHashMap<>();
    for (String name : open) {
      for (String before : prefixes(name)) {
        List<String> afters = byRest.getOrDefault(name.substring(before.length()), List.of());
        if (afters.size() == 1) {
          votes.merge(new Rule(before, afters.get(0)), 1, Integer::sum);
          break; // the longest rest is what speaks
        }
      }
    }
    return votes.entrySet().stream()
        .filter(vote -> vote.getKey().isCareful())
        .filter(vote -> vote.getValue() >= LEAST_TENSORS || vote.getKey().isOfWrappers())
        .max(Comparator.comparingInt(Map.Entry::getValue))
        .map(Map.Entry::getKey);
  }

  /** Beginnings of a name after which two words or more are left, the shortest first. */
  private static List<String> prefixes(String name) {
    List<String> prefixes = new ArrayList<>(List.of(""));
    int dot = name.indexOf('.');
    while (dot >= 0 && prefixes.size() <= MOST_WORDS && name.indexOf('.', dot + 1) >= 0) {
      prefixes.add(name.substring(0, dot + 1));
      dot = name.indexOf('.', dot + 1);
    }
    return prefixes;
  }

  /** Whether any name is another. */
  public boolean isNeeded() {
    return !renamed.isEmpty();
  }

  /** The name that the other has for a tensor; the same if it has none. */
  public String of(String name) {
    return renamed.getOrDefault(name, name);
  }

  /** What was found, for a user: {@code bert.* for *}. */
  public String words() {
    return String.join(", ", rules.stream().map(Rule::toString).toList());
  }
}
