package dev.stockpot.merge.recipe;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Collects what is wrong with one recipe, so that its author learns everything at once.
 *
 * <p>A problem says what is wrong and what to do about it; file and line are added here.
 */
public final class Problems {
  private static final int MOST_LINES = 8;

  private final String source;

  // A set: text behind a YAML alias is read once for each use, and its faults are still one fault
  private final Set<Problem> problems = new LinkedHashSet<>();

  private final List<String> others = new ArrayList<>();
  private final Map<String, SortedSet<Integer>> told = new LinkedHashMap<>();

  private record Problem(int line, String message) {}

  /**
   * No problems yet.
   *
   * @param source name of the recipe, for example {@code recipe.yml}
   */
  public Problems(String source) {
    this.source = requireNonNull(source, "source is null");
  }

  /**
   * Notes a problem.
   *
   * @param line counted from 1; 0 for a problem of the recipe as a whole
   */
  public void add(int line, String message) {
    if (line < 0) {
      throw new IllegalArgumentException("line is %s".formatted(line));
    }
    problems.add(new Problem(line, onOneLine(message)));
  }

  public void addIf(boolean isProblem, int line, String message) {
    if (isProblem) {
      add(line, message);
    }
  }

  /** Notes what somebody else found wrong with the same recipe. */
  public void include(RecipeException found) {
    others.addAll(found.getMessage().lines().toList());
  }

  /**
   * Notes something that is no problem, but that its author should know.
   *
   * @param line counted from 1; 0 for the recipe as a whole
   */
  public void tell(int line, String message) {
    told.computeIfAbsent(onOneLine(message), any -> new TreeSet<>()).add(line);
  }

  /** What was told, a line for each message, in the order of the recipe. */
  public List<String> told() {
    return told.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().first()))
        .map(entry -> told(entry.getKey(), entry.getValue()))
        .toList();
  }

  private String told(String message, SortedSet<Integer> lines) {
    String first = located(new Problem(lines.first(), message));
    String more =
        lines.stream().skip(1).limit(MOST_LINES).map(String::valueOf).collect(joining(", "));
    return more.isEmpty()
        ? first
        : "%s (also in line %s%s)"
            .formatted(first, more, lines.size() > MOST_LINES + 1 ? ", …" : "");
  }

  int count() {
    return problems.size();
  }

  public boolean isEmpty() {
    return problems.isEmpty() && others.isEmpty();
  }

  /** One entry for each problem, in the order of the lines, as a user sees them. */
  public List<String> sorted() {
    List<String> sorted = new ArrayList<>();
    problems.stream()
        .sorted(Comparator.comparingInt(Problem::line)) // stable: one line's problems stay in order
        .map(this::located)
        .forEach(sorted::add);
    sorted.addAll(others);
    return sorted;
  }

  /**
   * Ends the collecting.
   *
   * @throws RecipeException if there is any problem
   */
  public void throwIfAny() {
    if (!isEmpty()) {
      throw new RecipeException(sorted());
    }
  }

  /** A message may quote what somebody wrote, line ends and all. */
  private static String onOneLine(String message) {
    return message.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ");
  }

  private String located(Problem problem) {
    return problem.line() == 0
        ? "%s: %s".formatted(source, problem.message())
        : "%s:%s: %s".formatted(source, problem.line(), problem.message());
  }
}
