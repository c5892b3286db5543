package dev.stockpot.merge.run;

import dev.stockpot.merge.commit.Leftovers;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Writes down what it hears. */
final class Heard implements MergeListener {
  final List<String> events = new ArrayList<>();
  Function<String, RuntimeException> failure = any -> null;

  private void hear(String event) {
    events.add(event);
    RuntimeException thrown = failure.apply(event);
    if (thrown != null) {
      throw thrown;
    }
  }

  @Override
  public void planned(PlannedMerge plan) {
    hear("planned %s files".formatted(plan.files().size()));
  }

  @Override
  public void noticed(String notice) {
    hear("noticed");
  }

  @Override
  public void resumed(int files, int of, long bytes) {
    hear("resumed %s of %s".formatted(files, of));
  }

  @Override
  public void progressed(long bytes, long of) {
    hear("progressed " + (bytes == of ? "to the end" : bytes == 0 ? "from 0" : "on"));
  }

  @Override
  public void shardFinished(String file, long bytes) {
    hear("finished " + file);
  }

  @Override
  public void published(MergeOutcome outcome) {
    hear("published %s".formatted(outcome.files()));
  }

  @Override
  public void stopped(Leftovers leftovers) {
    hear("stopped " + leftovers);
  }
}
