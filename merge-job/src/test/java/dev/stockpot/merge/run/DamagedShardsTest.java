package dev.stockpot.merge.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.engine.InProcessEngine;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A merge goes on with files that are what they were, and with no others of their size. */
class DamagedShardsTest {
  private static final MergeOptions TWO_FILES =
      MergeOptions.DEFAULT.withSetting("shard-size", 16_400);
  private static final String FIRST = "model-00001-of-00002.safetensors";

  @TempDir private Path folder;
  private final List<Integer> found = new ArrayList<>();
  private final Stockpot stockpot =
      new Stockpot(new GivenEngine(new InProcessEngine(), false, Map.of()), new LocalStore());

  @BeforeEach
  void stopInTheMiddle() throws IOException {
    SmallModels.write(folder.resolve("a"), 1);
    SmallModels.write(folder.resolve("b"), 2);
    stockpot.merge(recipe(), folder.resolve("undisturbed").toString(), TWO_FILES);
    MergeListener powerCut =
        new MergeListener() {
          @Override
          public void shardFinished(String file, long bytes) {
            throw new UserException("The power went out");
          }
        };
    Merge merge = Merge.of(recipe(), out().toString()).toldTo(powerCut);
    assertThatThrownBy(() -> stockpot.mergeAll(List.of(merge), TWO_FILES.resuming()))
        .hasMessageContaining("The power went out");
  }

  private MergeRecipe recipe() {
    return MergeRecipe.by("linear")
        .model(folder.resolve("a").toString(), Map.of("weight", 0.3))
        .model(folder.resolve("b").toString(), Map.of("weight", 1))
        .build();
  }

  private Path out() {
    return folder.resolve("out");
  }

  private Path kept() {
    return folder.resolve(".out.stockpot/files").resolve(FIRST);
  }

  private void goOn() throws IOException {
    MergeListener heard =
        new MergeListener() {
          @Override
          public void resumed(int shards, int of, long bytes) {
            found.add(shards);
          }
        };
    stockpot.mergeAll(
        List.of(Merge.of(recipe(), out().toString()).toldTo(heard)), TWO_FILES.resuming());
    assertThat(MergedFiles.checksums(out()))
        .isEqualTo(MergedFiles.checksums(folder.resolve("undisturbed")));
  }

  @Test
  void aFileThatIsWhatItWasIsNotMadeAgain() throws IOException {
    goOn();
    assertThat(found).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 20, -1, -5_000})
  void aFileOfWhichAByteIsAnotherIsMadeAgain(long at) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(kept().toFile(), "rw")) {
      long place = at < 0 ? file.length() + at : at;
      file.seek(place);
      int before = file.read();
      file.seek(place);
      file.write(before ^ 1);
    }
    goOn();
    assertThat(found).isEmpty();
  }

  @Test
  void aFileOfZerosIsMadeAgain() throws IOException {
    Files.write(kept(), new byte[(int) Files.size(kept())]);
    goOn();
    assertThat(found).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadIsMadeAgain() throws IOException {
    Files.delete(kept());
    Files.createDirectory(kept());
    Files.delete(kept());
    goOn();
    assertThat(found).isEmpty();
  }
}
