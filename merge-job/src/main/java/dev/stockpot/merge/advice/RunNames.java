package dev.stockpot.merge.advice;

import dev.stockpot.merge.checkpoint.NaturalOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Models that are called as checkpoints of one run are: in one folder, by a number. */
final class RunNames {
  /** What trainers call them: {@code checkpoint-500}, {@code global_step1000}, {@code epoch=3}. */
  private static final Pattern NAME =
      Pattern.compile(
          "(?<before>.*(?:checkpoint|ckpt|step|epoch|iter(?:ation)?)s?[-_=.]*|)(?<number>\\d+)(?<after>\\D*)");

  private RunNames() {}

  /** The models, oldest first; empty if their names say no such thing. */
  static Optional<List<String>> ordered(List<String> models) {
    Set<String> runs = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (String model : models) {
      String path = model.replaceAll("/+$", "");
      int slash = path.lastIndexOf('/') + 1;
      Matcher name = NAME.matcher(path.substring(slash).toLowerCase(Locale.ROOT));
      if (!name.matches()) {
        return Optional.empty();
      }
      runs.add(path.substring(0, slash) + name.group("before") + "*" + name.group("after"));
      numbers.add(name.group("number").replaceFirst("^0+(?=.)", ""));
    }
    boolean areOneRun = runs.size() == 1 && numbers.size() == models.size() && models.size() > 1;
    return areOneRun ? Optional.of(NaturalOrder.sort(models, name -> name)) : Optional.empty();
  }
}
