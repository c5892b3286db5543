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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several merges in one reading, of which one is at fault, fails, or was there before. */
class MergesThatStopTest {
  private static final MergeOptions TWO_FILES =
      MergeOptions.DEFAULT.withSetting("shard-size", 16_400);
  private static final String FIRST = "model-00001-of-00002.safetensors";

  @TempDir private Path folder;
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), new LocalStore());

  @BeforeEach
  void writeModels() throws IOException {
    SmallModels.write(folder.resolve("a"), 1);
    SmallModels.write(folder.resolve("b"), 2);
  }

  private String model(String name) {
    return folder.resolve(name).toString();
  }

  private MergeRecipe recipe(double weight) {
    return MergeRecipe.by("linear")
        .model(model("a"), Map.of("weight", weight))
        .model(model("b"), Map.of("weight", 1))
        .build();
  }

  private Path out(int number) {
    return folder.resolve("out/" + number);
  }

  private Merge merge(int number) {
    return Merge.of(recipe(number / 4.0), out(number).toString());
  }

  private List<Merge> three() {
    return List.of(merge(1), merge(2), merge(3));
  }

  /** Fails when a file is finished. */
  private record FailsAt(String file) implements MergeListener {
    @Override
    public void shardFinished(String finished, long bytes) {
      if (finished.equals(file)) {
        throw new UserException("The power went out");
      }
    }
  }

  private void assertNothingIsThere() {
    assertThat(folder)
        .satisfiesAnyOf(
            any -> assertThat(folder.resolve("out")).doesNotExist(),
            any -> assertThat(folder.resolve("out")).isEmptyDirectory());
  }

  @Test
  void ifATaskOrATakerFailsAllStopAndNothingIsLeft() {
    List<Merge> merges = List.of(merge(1), merge(2).toldTo(new FailsAt(FIRST)), merge(3));
    assertThatThrownBy(() -> stockpot.mergeAll(merges, TWO_FILES))
        .isInstanceOf(UserException.class)
        .hasMessage("The power went out");
    assertNothingIsThere();
  }

  @Test
  void whatIsFinishedOfEachIsKeptIfItWasAskedAndGoneOnWith() throws IOException {
    MergeOptions resuming = TWO_FILES.resuming();
    List<Merge> merges = List.of(merge(1), merge(2).toldTo(new FailsAt(FIRST)), merge(3));
    MergesStoppedException stopped =
        catchThrowableOfType(
            MergesStoppedException.class, () -> stockpot.mergeAll(merges, resuming));
    assertThat(stopped.reason()).isEqualTo("The power went out");
    assertThat(stopped.outputs())
        .extracting(MergesStoppedException.Output::leftovers)
        .containsExactly(
            new Leftovers.Kept(1, 2), new Leftovers.Kept(1, 2), new Leftovers.Nothing());
    String kept = "1 of 2 shards of %s are kept: merge again and resume, or discard them";
    assertThat(stopped.getMessage().lines())
        .containsExactly(
            "The power went out",
            kept.formatted(out(1)),
            kept.formatted(out(2)),
            "Nothing is left of " + out(3));

    List<MergeOutcome> outcomes = stockpot.mergeAll(three(), resuming);
    // the second shard of all three, the first of the third
    assertThat(outcomes.get(0).totals().times().bytesRead()).isEqualTo(2 * SmallModels.BYTES);
    assertThat(outcomes.get(0).totals().times().bytesWritten())
        .isEqualTo(4 * SmallModels.BYTES / 2);
    assertSameAsAlone();
  }

  private void assertSameAsAlone() throws IOException {
    for (int i = 1; i <= 3; i++) {
      Path alone = folder.resolve("alone/" + i);
      stockpot.merge(recipe(i / 4.0), alone.toString(), TWO_FILES.resuming());
      assertThat(MergedFiles.checksums(out(i))).isEqualTo(MergedFiles.checksums(alone));
    }
  }

  @Test
  void oneThatStoppedAloneAndOneThatIsThereAreGoneOnWithBesideOneThatIsNew() throws IOException {
    MergeOptions resuming = TWO_FILES.resuming();
    stockpot.mergeAll(List.of(merge(1)), resuming);
    assertThatThrownBy(
            () -> stockpot.mergeAll(List.of(merge(2).toldTo(new FailsAt(FIRST))), resuming))
        .isInstanceOf(MergeStoppedException.class);
    List<String> heard = new ArrayList<>();
    MergeListener listener =
        new MergeListener() {
          @Override
          public void resumed(int files, int of, long bytes) {
            heard.add("%s of %s".formatted(files, of));
          }
        };

    List<MergeOutcome> outcomes =
        stockpot.mergeAll(three().stream().map(merge -> merge.toldTo(listener)).toList(), resuming);
    assertThat(outcomes).extracting(MergeOutcome::alreadyThere).containsExactly(true, false, false);
    assertThat(heard).containsExactly("1 of 2");
    assertSameAsAlone();
  }

  @Test
  void oneThatCannotBePublishedDoesNotTakeTheOthersWithIt() {
    MergeListener inTheWay =
        new MergeListener() {
          @Override
          public void progressed(long bytes, long of) {
            if (bytes == of) {
              try {
                Files.createDirectories(out(2));
                Files.writeString(out(2).resolve("note.txt"), "mine");
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            }
          }
        };
    List<String> published = new ArrayList<>();
    MergeListener listener =
        new MergeListener() {
          @Override
          public void published(MergeOutcome outcome) {
            published.add(outcome.folder());
          }
        };
    List<Merge> merges =
        List.of(merge(1).toldTo(listener), merge(2).toldTo(inTheWay), merge(3).toldTo(listener));
    MergesStoppedException stopped =
        catchThrowableOfType(
            MergesStoppedException.class, () -> stockpot.mergeAll(merges, TWO_FILES));
    assertThat(stopped.kind()).isEqualTo(FailureKind.OUTPUT_TAKEN);
    assertThat(stopped.outputs())
        .extracting(MergesStoppedException.Output::isPublished)
        .containsExactly(true, false, true);
    assertThat(stopped).hasMessageContaining("\n%s is whole\nNothing is left of ", out(1));
    assertThat(published).containsExactly(out(1).toString(), out(3).toString());
    assertThat(stockpot.verify(out(3).toString()).isIntact()).isTrue();
    assertThat(out(2)).isDirectoryContaining("glob:**note.txt");
    assertThat(out(2).resolve("config.json")).doesNotExist();
  }

  @Test
  void aFolderThatIsTakenEndsAllBeforeAnythingIsMade() throws IOException {
    Files.createDirectories(out(2));
    Files.writeString(out(2).resolve("note.txt"), "mine");
    assertThatThrownBy(() -> stockpot.mergeAll(three(), TWO_FILES))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining(out(2).toString());
    assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**[13]*");
  }

  @Test
  void whatIsKeptStaysIfSparkDoesNotStart() {
    MergeOptions resuming = TWO_FILES.resuming();
    assertThatThrownBy(
            () -> stockpot.mergeAll(List.of(merge(1).toldTo(new FailsAt(FIRST))), resuming))
        .isInstanceOf(MergeStoppedException.class);
    OwnEngine none =
        new OwnEngine(
            () -> false,
            settings -> {
              throw new UserException("Spark did not start");
            });
    try (Stockpot other = new Stockpot(none, new LocalStore())) {
      assertThatThrownBy(() -> other.mergeAll(three(), resuming))
          .isInstanceOf(MergesStoppedException.class)
          .hasMessageStartingWith("Spark did not start\n1 of 2 shards of %s are kept", out(1));
    }
  }

  @Test
  void outputsAreNoneOfTheOthersNorInThem() {
    Merge first = merge(1);
    assertThatThrownBy(() -> stockpot.mergeAll(List.of(first, first)))
        .hasMessageStartingWith("%s is the output of merge 2, whose place is ".formatted(out(1)));
    Merge below = Merge.of(recipe(1), out(1).resolve("x").toString());
    for (List<Merge> merges : List.of(List.of(first, below), List.of(below, first))) {
      assertThatThrownBy(() -> stockpot.mergeAll(merges))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("%s holds the output of merge ".formatted(out(1)));
    }
    assertNothingIsThere();
  }

  @Test
  void outputsAreNoneOfTheModelsOfTheOthers() {
    MergeRecipe ofA = MergeRecipe.by("uniform_soup").model(model("a")).build();
    MergeRecipe ofB = MergeRecipe.by("uniform_soup").model(model("b")).build();
    List<Merge> merges = List.of(Merge.of(ofA, model("b")), Merge.of(ofB, out(2).toString()));
    assertThatThrownBy(() -> stockpot.mergeAll(merges, MergeOptions.DEFAULT.overwriting()))
        .hasMessageStartingWith(
            "%s is the model %s (recipe 2, line ".formatted(model("b"), model("b")));
    MergeRecipe soup = MergeRecipe.by("uniform_soup").model(model("*")).build();
    List<Merge> matched =
        List.of(Merge.of(soup, out(1).toString()), Merge.of(soup, folder.resolve("c").toString()));
    assertThatThrownBy(() -> stockpot.mergeAll(matched))
        .hasMessageContaining("recipe 1:")
        .hasMessageContaining("recipe 2:")
        .hasMessageContaining("where the output is to lie");
  }

  @Test
  void mergesThatLookAtOtherModelsAreRefusedWithTheirNumber() {
    MergeRecipe ofBoth = MergeRecipe.by("median").model(model("a")).model(model("b")).build();
    RecipeBuilder trimmed = MergeRecipe.by("ties").base(model("a")).parameter("density", 0.5);
    MergeRecipe ofB = trimmed.model(model("b"), Map.of("weight", 1)).build();
    List<Merge> merges =
        List.of(merge(1), Merge.of(ofBoth, out(2).toString()), Merge.of(ofB, out(3).toString()));
    assertThatThrownBy(() -> stockpot.mergeAll(merges))
        .returns(FailureKind.UNLIKE, thrown -> ((UserException) thrown).kind())
        .hasMessageStartingWith("Merge 3 looks at model.layers.0.mlp.weight, which is of other")
        .hasMessageEndingWith("make it by itself");
    assertNothingIsThere();
  }

  @Test
  void faultsOfAllRecipesAreSaidTogether() {
    MergeRecipe noSuch = MergeRecipe.yaml("merge_method: no\nmodels: [{model: a}]");
    MergeRecipe noWeight = MergeRecipe.by("linear").model(model("a")).build();
    List<Merge> merges =
        List.of(merge(1), Merge.of(noSuch, out(2).toString()), Merge.of(noSuch, out(3).toString()));
    assertThatThrownBy(() -> stockpot.mergeAll(merges))
        .hasMessageContainingAll("recipe 2:1: ", "recipe 3:1: ")
        .extracting(thrown -> ((UserException) thrown).kind())
        .isEqualTo(FailureKind.RECIPE);
    assertThatThrownBy(
            () ->
                stockpot.mergeAll(
                    List.of(merge(1), Merge.of(noWeight, out(2).toString()), merge(3))))
        .hasMessageStartingWith("recipe 2:");
  }
}
