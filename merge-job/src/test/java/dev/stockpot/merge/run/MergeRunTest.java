package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.commit.Leftovers;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a merge does and tells, on an engine that is no Spark. */
class MergeRunTest {
  private static final MergeOptions TWO_FILES =
      MergeOptions.DEFAULT.withSetting("shard-size", 16_400);

  @TempDir private Path folder;
  private final InProcessEngine engine = new InProcessEngine();
  private final Heard heard = new Heard();

  @BeforeEach
  void writeModels() throws IOException {
    SmallModels.write(folder.resolve("a"), 1);
    SmallModels.write(folder.resolve("b"), 2);
  }

  private MergeRecipe recipe() {
    return MergeRecipe.by("linear")
        .model(folder.resolve("a").toString(), Map.of("weight", 0.25))
        .model(folder.resolve("b").toString(), Map.of("weight", 0.75))
        .build();
  }

  private Stockpot stockpot() {
    return new Stockpot(new GivenEngine(engine, false, Map.of()), new LocalStore());
  }

  private String out() {
    return folder.resolve("out").toString();
  }

  @Test
  void tellsOfEachStepInItsOrderAndWhatItMade() {
    try (Stockpot stockpot = stockpot()) {
      MergeOutcome outcome = stockpot.merge(recipe(), out(), TWO_FILES, heard);

      assertThat(outcome.alreadyThere()).isFalse();
      assertThat(outcome.folder()).isEqualTo(out());
      assertThat(outcome.method()).isEqualTo("linear");
      assertThat(outcome.models()).isEqualTo(2);
      assertThat(outcome.tensors()).isEqualTo(SmallModels.TENSORS);
      assertThat(outcome.files()).isEqualTo(2);
      assertThat(outcome.totals().tasks()).isEqualTo(2);
      assertThat(outcome.totals().times().bytesRead()).isEqualTo(2 * SmallModels.BYTES);
      assertThat(outcome.bytes()).isGreaterThan(SmallModels.BYTES);
      assertThat(stockpot.verify(out()).isIntact()).isTrue();
    }
    assertThat(engine.isClosed()).isTrue();
    assertThat(heard.events)
        .containsExactly(
            "planned 2 files",
            "progressed from 0",
            "progressed on",
            "finished model-00001-of-00002.safetensors",
            "progressed to the end",
            "finished model-00002-of-00002.safetensors",
            "published 2");
  }

  @Test
  void aListenerThatThrowsEndsTheMergeAndNothingIsLeft() {
    heard.failure =
        event -> event.startsWith("finished") ? new IllegalStateException("enough") : null;
    try (Stockpot stockpot = stockpot()) {
      assertThatThrownBy(() -> stockpot.merge(recipe(), out(), TWO_FILES, heard))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
    }
    assertThat(heard.events).last().isEqualTo("stopped Nothing[]");
    assertThat(folder)
        .isDirectoryNotContaining(path -> path.getFileName().toString().contains("out"));
  }

  @Test
  void aMergeThatStopsSaysWithTypesWhatIsKeptAndIsResumed() {
    MergeOptions resuming = TWO_FILES.resuming();
    heard.failure =
        event ->
            event.equals("finished model-00001-of-00002.safetensors")
                ? new UserException("The power went out")
                : null;
    try (Stockpot stockpot = stockpot()) {
      MergeStoppedException stopped =
          catchThrowableOfType(
              MergeStoppedException.class, () -> stockpot.merge(recipe(), out(), resuming, heard));
      assertThat(stopped.leftovers()).isEqualTo(new Leftovers.Kept(1, 2));
      assertThat(stopped.reason()).isEqualTo("The power went out");
      assertThat(stopped.output()).isEqualTo(out());
      assertThat(stopped)
          .hasMessage(
              "The power went out\n"
                  + "1 of 2 shards of %s are kept: merge again and resume, or discard them",
              out());

      heard.failure = any -> null;
      heard.events.clear();
      assertThat(stockpot.merge(recipe(), out(), resuming, heard).totals().tasks()).isEqualTo(1);
      assertThat(heard.events)
          .containsExactly(
              "planned 2 files",
              "resumed 1 of 2",
              "progressed on",
              "progressed to the end",
              "finished model-00002-of-00002.safetensors",
              "published 2");
      assertThat(stockpot.verify(out()).isIntact()).isTrue();
    }
  }

  @Test
  void whatIsThereAlreadyIsNotMadeAgain() {
    try (Stockpot stockpot = stockpot()) {
      MergeOutcome made = stockpot.merge(recipe(), out(), TWO_FILES);
      MergeOutcome again = stockpot.merge(recipe(), out(), TWO_FILES.resuming(), heard);

      assertThat(again.alreadyThere()).isTrue();
      assertThat(again.totals().tasks()).isZero();
      assertThat(again.bytes()).isEqualTo(made.bytes());
    }
    assertThat(heard.events).containsExactly("planned 2 files");
  }

  @Test
  void anUnfinishedMergeCanBeGivenUp() {
    heard.failure = event -> event.startsWith("finished") ? new UserException("stop") : null;
    try (Stockpot stockpot = stockpot()) {
      assertThatThrownBy(() -> stockpot.merge(recipe(), out(), TWO_FILES.resuming(), heard))
          .isInstanceOf(MergeStoppedException.class);
      assertThat(stockpot.discard(out())).isTrue();
      assertThat(stockpot.discard(out())).isFalse();
    }
  }

  @Test
  void failuresSayWhatTheyAreAbout() throws IOException {
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(folder.resolve("out/note.txt"), "mine");
    try (Stockpot stockpot = stockpot()) {
      assertKind(FailureKind.OUTPUT_TAKEN, () -> stockpot.merge(recipe(), out()));
      assertKind(
          FailureKind.RECIPE, () -> stockpot.merge(MergeRecipe.yaml("merge_method: no"), out()));
      assertKind(
          FailureKind.STORAGE,
          () -> stockpot.merge(MergeRecipe.at(folder.resolve("none.yml").toString()), out()));
      assertKind(
          FailureKind.MODEL,
          () -> stockpot.merge(MergeRecipe.by("uniform_soup").model("nowhere").build(), out()));
      assertKind(
          FailureKind.OTHER,
          () -> stockpot.merge(recipe(), out(), TWO_FILES.withSetting("sead", 1)));
      assertKind(
          FailureKind.OTHER, () -> stockpot.merge(recipe(), out(), TWO_FILES.withDtype("int4")));
    }
  }

  private static void assertKind(FailureKind kind, Runnable call) {
    UserException failure = catchThrowableOfType(UserException.class, call::run);
    assertThat(failure.kind()).as(failure.getMessage()).isEqualTo(kind);
  }

  @Test
  void everyModelThatCannotBeOpenedIsNamed() {
    MergeRecipe recipe =
        MergeRecipe.by("linear")
            .model(folder.resolve("c").toString(), Map.of("weight", 1))
            .model(folder.resolve("d").toString(), Map.of("weight", 1))
            .build();
    try (Stockpot stockpot = stockpot()) {
      assertThatThrownBy(() -> stockpot.plan(recipe, MergeOptions.DEFAULT))
          .hasMessageContainingAll(
              "Checkpoint %s/c cannot be used:".formatted(folder),
              "Checkpoint %s/d cannot be used:".formatted(folder));
    }
  }

  @Test
  void aPlanNeedsNoEngine() {
    OwnEngine none =
        new OwnEngine(
            () -> false,
            settings -> {
              throw new UncheckedIOException(new IOException("an engine was started"));
            });
    try (Stockpot stockpot = new Stockpot(none, new LocalStore())) {
      PlannedMerge plan = stockpot.plan(recipe(), TWO_FILES.withDtype("float32"));
      assertThat(plan.models()).extracting(PlannedMerge.Model::tensors).containsOnly(2);
      assertThat(plan.tensors()).isEqualTo(SmallModels.TENSORS);
      assertThat(plan.bytesRead()).isEqualTo(2 * SmallModels.BYTES);
      assertThat(plan.bytesWritten()).isGreaterThan(2 * SmallModels.BYTES);

      assertThatThrownBy(() -> stockpot.merge(recipe(), out()))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("Spark did not start: ");
    }
  }

  @Test
  void theSettingsOfASessionAreTakenUnlessTheCallerHasOthers() {
    GivenEngine session =
        new GivenEngine(
            engine, false, Map.of("spark.stockpot.shard-size", "16400", "spark.other", "1"));
    try (Stockpot stockpot = new Stockpot(session, new LocalStore())) {
      assertThat(stockpot.plan(recipe(), MergeOptions.DEFAULT).files()).hasSize(2);
      assertThat(
              stockpot
                  .plan(recipe(), MergeOptions.DEFAULT.withSetting("shard-size", "1GB"))
                  .files())
          .hasSize(1);
    }
  }

  @Test
  void comparesAndInspects() {
    try (Stockpot stockpot = stockpot()) {
      Difference difference =
          stockpot.diff(
              folder.resolve("a").toString(),
              folder.resolve("b").toString(),
              Optional.of(out()),
              MergeOptions.DEFAULT,
              heard);
      assertThat(difference.tensors()).isEqualTo(SmallModels.TENSORS);
      assertThat(difference.publish()).hasValue(out() + "/report/report.html");
      assertThat(folder.resolve("out/report/report.html")).exists();
      Inspection a = stockpot.inspect(folder.resolve("a").toString());
      assertThat(a.files()).isEqualTo(1);
      assertThat(a.tensors()).extracting(Inspection.Tensor::dtype).containsOnly("BF16");
      assertThat(Optional.of(a.tensors().get(0).shape())).hasValue("[64, 128]");
    }
  }
}
