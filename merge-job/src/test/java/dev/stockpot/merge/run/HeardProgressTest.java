package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How far something is, as listeners hear it: while inputs are scanned, merged, compared, read. */
class HeardProgressTest {
  private static final List<Shape> SHAPES = List.of(Shape.of(256, 640), Shape.of(64, 96));
  private static final long BYTES = 2L * (256 * 640 + 64 * 96);
  private static final MergeOptions LITTLE =
      MergeOptions.DEFAULT.withSetting("part-size", 65_536).withSetting("task-memory", "1 MiB");

  @TempDir private Path folder;
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), new LocalStore());
  private final Heard heard = new Heard();

  private record Step(String what, long bytes, long of) {}

  private static final class Heard implements MergeListener {
    private final List<Step> steps = new ArrayList<>();

    @Override
    public void scanned(long bytes, long of) {
      steps.add(new Step("scan", bytes, of));
    }

    @Override
    public void progressed(long bytes, long of) {
      steps.add(new Step("make", bytes, of));
    }

    private List<Step> of(String what) {
      return steps.stream().filter(step -> step.what().equals(what)).toList();
    }

    /** Bytes only grow, up to all of them. */
    private void endsWithAll(String what) {
      endsWithAll(of(what));
    }

    private static void endsWithAll(List<Step> ofThis) {
      assertThat(ofThis).isNotEmpty();
      assertThat(ofThis).extracting(Step::bytes).isSorted();
      assertThat(ofThis).extracting(Step::of).containsOnly(ofThis.get(0).of());
      Step last = ofThis.get(ofThis.size() - 1);
      assertThat(last.bytes()).isEqualTo(last.of());
    }
  }

  @BeforeEach
  void writeModels() throws IOException {
    SmallModels.write(folder.resolve("base"), 1, SHAPES);
    SmallModels.write(folder.resolve("a"), 2, SHAPES);
    SmallModels.write(folder.resolve("b"), 3, SHAPES);
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private MergeRecipe ties() {
    return MergeRecipe.by("ties")
        .base(path("base"))
        .parameter("weight", 1.0)
        .parameter("density", 0.5)
        .model(path("a"))
        .model(path("b"))
        .build();
  }

  @Test
  void whatIsTooLargeForATaskIsScannedFirstAndThatIsHeard() {
    stockpot.merge(ties(), path("merged"), LITTLE, heard);

    List<Step> scans = heard.of("scan");
    List<Step> begins = scans.stream().filter(step -> step.bytes() == 0).toList();
    assertThat(begins).as("one for thresholds, one for scales").hasSize(2);
    Heard.endsWithAll(scans.subList(0, scans.size() / 2));
    Heard.endsWithAll(scans.subList(scans.size() / 2, scans.size()));
    assertThat(begins.get(0).of()).as("all three models").isEqualTo(3 * 2L * 256 * 640);
    heard.endsWithAll("make");
    assertThat(heard.steps.subList(0, scans.size())).isEqualTo(scans);
  }

  @Test
  void whatFitsATaskIsNotScanned() {
    stockpot.merge(ties(), path("merged"), MergeOptions.DEFAULT, heard);

    assertThat(heard.of("scan")).isEmpty();
    heard.endsWithAll("make");
  }

  @Test
  void aComparisonIsAScanOfBoth() {
    stockpot.diff(path("base"), path("a"), Optional.empty(), LITTLE, heard);

    heard.endsWithAll("scan");
    assertThat(heard.of("scan").get(0).of()).isEqualTo(2 * BYTES);
    assertThat(heard.of("make")).isEmpty();
  }

  @Test
  void anAdapterIsLookedForAndThenItsRanksAreAndThenItIsMade() {
    MergeRecipe extracting =
        MergeRecipe.by("passthrough")
            .base(path("base"))
            .model(path("a"))
            .output(Map.of("kind", "adapter", "energy", 0.5))
            .build();

    stockpot.merge(extracting, path("adapter"), MergeOptions.DEFAULT, heard);

    List<Step> scans = heard.of("scan");
    List<Step> begins = scans.stream().filter(step -> step.bytes() == 0).toList();
    assertThat(begins).as("which tensors differ, and their ranks").hasSize(2);
    int ranks = scans.lastIndexOf(begins.get(1));
    Heard.endsWithAll(scans.subList(0, ranks));
    Heard.endsWithAll(scans.subList(ranks, scans.size()));
    assertThat(begins.get(1).of()).as("both sides of each matrix").isEqualTo(2 * BYTES);
    heard.endsWithAll("make");
  }

  @Test
  void fetchingTellsWhatIsCopied() {
    FetchOutcome fetched = stockpot.fetch(path("a"), path("copy"), MergeOptions.DEFAULT, heard);

    heard.endsWithAll("make");
    assertThat(heard.of("make").get(0).of()).isEqualTo(fetched.bytes());
  }

  @Test
  void verifyingTellsWhatIsRead() {
    stockpot.merge(ties(), path("merged"));

    assertThat(stockpot.verify(path("merged"), false, heard).isIntact()).isTrue();

    heard.endsWithAll("make");
    assertThat(heard.of("make").get(0).of()).isEqualTo(BYTES);
  }

  @Test
  void digestingTellsWhatIsReadByShard() {
    stockpot.merge(ties(), path("merged"), MergeOptions.DEFAULT.withSetting("shard-size", 330_000));

    Verification verification = stockpot.verify(path("merged"), true, heard);

    assertThat(verification.isIntact()).isTrue();
    heard.endsWithAll("make");
    assertThat(heard.of("make")).hasSize(2);
  }

  @Test
  void aTensorThatIsMissingIsNotWaitedFor() throws IOException {
    stockpot.merge(ties(), path("merged"));
    SmallModels.write(folder.resolve("merged"), 9, List.of(SHAPES.get(1)));

    assertThat(stockpot.verify(path("merged"), false, heard).isIntact()).isFalse();

    assertThat(heard.of("make")).allSatisfy(step -> assertThat(step.bytes()).isLessThan(BYTES));
  }
}
