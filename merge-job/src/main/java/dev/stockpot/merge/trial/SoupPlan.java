package dev.stockpot.merge.trial;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.choose.Chooser;
import dev.stockpot.merge.choose.Choosers;
import dev.stockpot.merge.choose.Point;
import dev.stockpot.merge.choose.SoupRules;
import dev.stockpot.merge.choose.WindowAverage;
import dev.stockpot.merge.recipe.MapNode;
import java.util.List;
import java.util.Optional;

/**
 * A soup: which of the models are averaged, and how much each counts.
 *
 * @param rest the recipe without its models
 * @param rules of soups that are cooked one ingredient after the other
 * @param points on a line
 * @param sizes of windows
 * @param average how much each checkpoint of a window counts
 */
record SoupPlan(
    String kind,
    MapNode rest,
    SoupRules rules,
    int points,
    List<Integer> sizes,
    int stride,
    WindowAverage average)
    implements WeightedPlan {
  SoupPlan {
    requireNonNull(kind, "kind is null");
    requireNonNull(rest, "rest is null");
    requireNonNull(average, "average is null");
    sizes = List.copyOf(sizes);
  }

  @Override
  public Chooser chooser(int models) {
    return switch (kind) {
      case "line" -> Choosers.line(points);
      case "uniform" -> Choosers.uniform(models);
      case "windows" -> Choosers.windows(models, sizes, stride, average);
      default -> Choosers.soup(models, rules);
    };
  }

  @Override
  public Optional<String> problemWith(Ingredients all) {
    int models = all.size();
    if (kind.equals("line") && models != 2) {
      return Optional.of("a line is between two models, and there are %s".formatted(models));
    }
    if (kind.equals("windows") && sizes.stream().allMatch(size -> size > models)) {
      return Optional.of("windows of %s do not fit into %s models".formatted(sizes, models));
    }
    return Optional.empty();
  }

  @Override
  public long evaluations(int models) {
    return switch (kind) {
      case "line" -> points;
      case "uniform" -> models + 1L;
      case "windows" -> Choosers.countWindows(models, sizes, stride);
      default -> {
        long tries = rules.mixing().with(Point.only(0, Math.max(2, models)), 1).size();
        boolean addsToTheBest = rules.mixing().beginsWithTheBest(); // or takes from all
        long ofPass = addsToTheBest ? tries * (models - 1L) : 1L + models;
        yield models + ofPass + (rules.passes() - 1L) * Math.max(1, tries) * models;
      }
    };
  }

  @Override
  public long generation(int models) {
    return isListed() ? evaluations(models) : 1;
  }

  @Override
  public boolean needsErrors() {
    return rules.accept().needsErrors();
  }

  /** What follows hangs on scores, and most of what is made ahead may be for nothing. */
  @Override
  public int ahead(int parallel, int room) {
    return isListed() ? room : Math.min(parallel, room);
  }

  /** A step's candidate is evaluated while the next one, which may be for nothing, is made. */
  @Override
  public List<List<Point>> readings(List<Point> wanted) {
    return isListed()
        ? WeightedPlan.super.readings(wanted)
        : wanted.stream().map(List::of).toList();
  }

  /** Whether what is tried is known from the beginning. */
  private boolean isListed() {
    return kind.equals("line") || kind.equals("windows");
  }

  @Override
  public String described(Point point, List<String> models) {
    return WeightedModels.described(point, models);
  }
}
