package dev.stockpot.merge.cli;

import dev.stockpot.merge.run.LostChanges;
import dev.stockpot.merge.run.MergeListener;
import dev.stockpot.merge.run.MergeOutcome;
import dev.stockpot.merge.run.Tried;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a merge says on a console, while it goes on and at its end. */
final class MergeTalk implements MergeListener, AutoCloseable {
  private final Console console;
  private final String doing;
  private Console.Progress progress = Console.Progress.NONE;
  private String shownTask = "";
  private long shown;

  MergeTalk(Console console) {
    this(console, "Merging");
  }

  /**
   * @param doing what its bar says
   */
  MergeTalk(Console console, String doing) {
    this.console = console;
    this.doing = doing;
  }

  @Override
  public void noticed(String notice) {
    console.notice(notice);
  }

  @Override
  public void tookOver(String holder) {
    console.notice("Taking over from another merge (%s)".formatted(holder));
  }

  @Override
  public void resumed(int files, int of, long bytes) {
    console.say(
        "%s of %s files (%s) are there from the merge before."
            .formatted(files, of, Sizes.bytes(bytes)));
  }

  @Override
  public void tried(Tried candidate) {
    String found =
        candidate.measures().entrySet().stream()
            .map(
                measure ->
                    String.format(Locale.ROOT, "%s %.6g", measure.getKey(), measure.getValue()))
            .collect(Collectors.joining(", "));
    String error =
        candidate.error().isPresent()
            ? String.format(Locale.ROOT, " ± %.2g", candidate.error().getAsDouble())
            : "";
    console.say(
        "[%s/%s] %s: %s%s%s"
            .formatted(
                candidate.number(),
                candidate.of(),
                candidate.what(),
                candidate.failure().isEmpty() ? found + error : candidate.failure(),
                outcome(candidate),
                candidate.isKnown() ? ", known" : ""));
  }

  /** What became of it, and how much better it is than the best before. */
  private static String outcome(Tried candidate) {
    String gain = candidate.gain().map(Object::toString).orElse("");
    String both =
        candidate.verdict() + (candidate.verdict().isEmpty() || gain.isEmpty() ? "" : ", ") + gain;
    return both.isEmpty() ? "" : " (" + both + ")";
  }

  @Override
  public void chosen(String what, String recipe) {
    console.say(
        "The best is %s. This makes it:\n%s".formatted(what, recipe.indent(2).stripTrailing()));
  }

  @Override
  public void staged(String name, MergeOutcome outcome) {
    console.say(
        "Stage %s is in %s: %s, %s."
            .formatted(
                name,
                outcome.folder(),
                Sizes.count(outcome.tensors(), "tensor"),
                Sizes.bytes(outcome.bytes())));
    outcome.broken().sentences().forEach(console::notice);
  }

  @Override
  public void scanned(long bytes, long of) {
    show("Scanning", bytes, of);
  }

  @Override
  public void progressed(long bytes, long of) {
    show(doing, bytes, of);
  }

  private void show(String task, long bytes, long of) {
    if (!task.equals(shownTask) || bytes < shown) { // the next step, or the next scan
      close();
      shownTask = task;
      shown = 0;
      progress = console.progress(task, of);
    }
    progress.add(bytes - shown);
    shown = bytes;
    StopSignals.remind();
  }

  /** Says what became of it. */
  void end(MergeOutcome outcome) {
    close();
    if (outcome.alreadyThere()) {
      console.say("%s is this merge already: nothing to do.".formatted(outcome.folder()));
      return;
    }
    console.say(
        "Merged %s by %s into %s: %s, %s in %s."
            .formatted(
                Sizes.count(outcome.models(), "model"),
                outcome.method(),
                outcome.folder(),
                Sizes.count(outcome.tensors(), "tensor"),
                Sizes.bytes(outcome.bytes()),
                Sizes.count(outcome.files(), "file")));
    RankTable.lines(outcome.cuts()).forEach(console::say);
    outcome.measured().sentences().forEach(console::say);
    MergeReport.lines(outcome.totals(), outcome.bytes(), outcome.seconds()).forEach(console::say);
    outcome.lost().ifPresent(lost -> lost.sentences().forEach(console::say));
    outcome.lost().flatMap(LostChanges::warning).ifPresent(console::notice);
    outcome.broken().sentences().forEach(console::notice);
  }

  /** Takes the bar away, before something else is said. */
  void endBar() {
    close();
  }

  /** Takes the bar away. */
  @Override
  public void close() {
    progress.close();
    progress = Console.Progress.NONE;
  }
}
