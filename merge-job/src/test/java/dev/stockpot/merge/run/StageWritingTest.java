package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.kernels.number.Shape;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stages that cannot be made on the way are written first, and nobody finds them afterwards. */
class StageWritingTest {
  private static final Shape SHAPE = Shape.of(256, 512);
  private static final List<String> FILES =
      List.of("model.safetensors", "config.json", "stockpot-manifest.json", "README.md");
  private static final String CHAIN =
      """
      name: t
      merge_method: ties
      base_model: base
      models:
      - {model: a, parameters: {weight: 1, density: 0.5}}
      - {model: b, parameters: {weight: 0.5, density: 0.3}}
      ---
      name: s
      merge_method: slerp
      base_model: t
      models: [{model: c}]
      parameters: {t: 0.3}
      ---
      merge_method: dare_ties
      base_model: base
      models:
      - {model: s, parameters: {weight: 1, density: 0.6}}
      - {model: a, parameters: {weight: 0.5, density: 0.6}}
      """;
  private static final MergeListener FAILING =
      new MergeListener() {
        @Override
        public void shardFinished(String file, long bytes) {
          throw new IllegalStateException("a listener fails");
        }
      };

  @TempDir private static Path models;
  @TempDir private Path folder;

  private static Stockpot stockpot;

  @BeforeAll
  static void writeModels() throws IOException {
    stockpot = Merging.through(new LocalStore());
    for (String model : List.of("base", "a", "b", "c")) {
      SmallModels.write(models.resolve(model), model.hashCode(), List.of(SHAPE, SHAPE));
    }
  }

  @AfterAll
  static void close() {
    stockpot.close();
  }

  /** With room for all. */
  private static MergeOptions options() {
    return MergeOptions.DEFAULT
        .withSetting("model-root", models)
        .withSetting("report", false)
        .withSetting("seed", 7);
  }

  /** With room for one stage, and not for the chain. */
  private static MergeOptions small() {
    return options().withSetting("task-memory", "1536KiB").withSetting("chunk-elements", 4096);
  }

  private Path merged(String name, String recipe, MergeOptions options) {
    Path out = folder.resolve(name);
    stockpot.merge(MergeRecipe.yaml(recipe), out.toString(), options);
    return out;
  }

  private static void assertSame(Path out, Path expected) throws IOException {
    for (String file : FILES) {
      assertThat(out.resolve(file)).as(file).hasSameBinaryContentAs(expected.resolve(file));
    }
  }

  @Test
  void aStageThatDoesNotFitIsWrittenForAWhile() throws IOException {
    List<String> told = new ArrayList<>();
    List<String> staged = new ArrayList<>();
    Path out = folder.resolve("out");
    stockpot.merge(
        MergeRecipe.yaml(CHAIN),
        out.toString(),
        small(),
        new MergeListener() {
          @Override
          public void noticed(String notice) {
            told.add(notice);
          }

          @Override
          public void staged(String name, MergeOutcome outcome) {
            staged.add(name);
            assertThat(Path.of(outcome.folder()).resolve("model.safetensors")).exists();
          }
        });

    assertSame(out, merged("roomy", CHAIN, options()));
    assertThat(staged).isNotEmpty();
    assertThat(told)
        .anySatisfy(
            notice ->
                assertThat(notice)
                    .contains("is written first, to " + out + "-scratch/")
                    .contains("more than a task's 1572864; raise task-memory"));
    assertThat(folder.resolve("out-scratch")).doesNotExist();
  }

  @Test
  void whereThereIsRoomNothingIsWrittenFirst() throws IOException {
    PlannedMerge plan = stockpot.plan(MergeRecipe.yaml(CHAIN), options());

    assertThat(plan.stages()).allSatisfy(stage -> assertThat(stage.written()).isEmpty());
  }

  @Test
  void thePlanSaysWhichStageIsWritten() {
    PlannedMerge plan = stockpot.plan(MergeRecipe.yaml(CHAIN), small());

    assertThat(plan.stages()).anySatisfy(stage -> assertThat(stage.written()).isPresent());
  }

  @Test
  void methodsOnSeveralTensorsWriteTheirStage() throws IOException {
    String shared =
        "merge_method: geometric_median\nmodels: [{model: a}, {model: b}, {model: c}]\n";
    String last = "merge_method: passthrough\nmodels: [{model: g}]\n";
    Path out = merged("out", "name: g\n" + shared + "---\n" + last, options());

    Path alone = merged("alone", shared, options());
    assertThat(out.resolve("model.safetensors"))
        .hasSameBinaryContentAs(alone.resolve("model.safetensors"));
    assertThat(folder.resolve("out-scratch")).doesNotExist();
  }

  @Test
  void exactStagesThatAreWrittenAreNotRoundedEither() throws IOException {
    String exact = CHAIN + "dtype: bfloat16\nstages: exact\n";

    assertSame(merged("out", exact, small()), merged("roomy", exact, options()));
    assertThat(folder.resolve("out-scratch")).doesNotExist();
  }

  private static void fails(Path out, MergeOptions options) {
    assertThatThrownBy(
            () -> stockpot.merge(MergeRecipe.yaml(CHAIN), out.toString(), options, FAILING))
        .hasMessage("a listener fails");
  }

  @Test
  void aMergeThatFailsKeepsItsStagesOnlyToBeResumed() throws IOException {
    Path out = folder.resolve("out");
    fails(out, small());
    assertThat(folder.resolve("out-scratch")).doesNotExist();

    fails(out, small().resuming());
    assertThat(folder.resolve("out-scratch")).exists();

    merged("out", CHAIN, small().resuming());
    assertSame(out, merged("roomy", CHAIN, options()));
    assertThat(folder.resolve("out-scratch")).doesNotExist();
  }

  @Test
  void stagesOfAMergeThatWasKilledAreReplaced() throws IOException {
    Path out = folder.resolve("out");
    fails(out, small().resuming());
    stockpot.discard(folder.resolve("other").toString()); // somebody else's
    String other = CHAIN.replace("density: 0.3", "density: 0.4");
    Path killed = Files.move(folder.resolve("out-scratch"), folder.resolve("again-scratch"));

    assertThat(killed).exists();
    assertSame(merged("again", other, small()), merged("roomy", other, options()));
    assertThat(killed).doesNotExist();
  }

  @Test
  void stagesThatAMergeLeftAreDiscardedWithIt() throws IOException {
    Path out = folder.resolve("out");
    fails(out, small().resuming());
    Files.writeString(folder.resolve("out-scratch/mine.txt"), "mine");

    assertThat(stockpot.discard(out.toString())).isTrue();

    try (Stream<Path> left = Files.list(folder.resolve("out-scratch"))) {
      assertThat(left).containsExactly(folder.resolve("out-scratch/mine.txt"));
    }
    assertThat(stockpot.discard(out.toString())).isFalse();
  }

  @Test
  void mergesInOneReadingDoNotTakeStagesThatAreWritten() {
    Merge one = Merge.of(MergeRecipe.yaml(CHAIN), folder.resolve("one").toString());
    Merge other = Merge.of(MergeRecipe.yaml(CHAIN), folder.resolve("other").toString());

    assertThatThrownBy(() -> stockpot.mergeAll(List.of(one, other), small()))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("of other inputs than the first one")
        .hasMessageContaining("make it by itself");
    assertThat(folder).isEmptyDirectory();
  }
}
