package dev.stockpot.merge.run;

import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with several merges that were asked for at once, said together. */
final class FaultsOfMerges extends UserException {
  private static final long serialVersionUID = 1;

  private final FailureKind kind;

  private FaultsOfMerges(List<UserException> faults) {
    super(faults.stream().map(Throwable::getMessage).distinct().collect(joining("\n")));
    this.kind = faults.get(0).kind();
  }

  /** Something that is done for each merge, and may show what is wrong with it. */
  @FunctionalInterface
  interface Step<R> {
    R of(int merge) throws IOException;
  }

  /** Does something for each merge, for all of them even if some are at fault. */
  static <R> List<R> orElse(int merges, Step<R> step) throws IOException {
    List<R> results = new ArrayList<>();
    List<UserException> faults = new ArrayList<>();
    for (int merge = 0; merge < merges; merge++) {
      try {
        results.add(step.of(merge));
      } catch (UserException e) {
        faults.add(e);
      }
    }
    throwIfAny(faults);
    return results;
  }

  static void throwIfAny(List<UserException> faults) {
    if (faults.size() == 1) {
      throw faults.get(0);
    }
    if (!faults.isEmpty()) {
      throw new FaultsOfMerges(faults);
    }
  }

  @Override
  public FailureKind kind() {
    return kind;
  }
}
