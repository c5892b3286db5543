package dev.stockpot.merge.commit;

import static dev.stockpot.merge.commit.SmallMerge.OUTPUT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.MemoryStore.Request;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What becomes visible of a merge, and when. */
class MergeCommitterTest {
  private static final long ONE_SHARD = 1000;
  private static final long SHARD_OF_TWO_TENSORS = 16;

  private static List<String> visible(SmallMerge merge) throws IOException {
    return merge.store().list(OUTPUT).stream().map(file -> file.location().name()).toList();
  }

  private static void assertNothingIsLeft(SmallMerge merge) {
    assertThatThrownBy(() -> merge.store().list(OUTPUT)).isInstanceOf(NoSuchFileException.class);
    assertThat(merge.store().openUploads()).isZero();
  }

  @Test
  void showsEverythingAtOnceAndNothingBefore() throws IOException {
    SmallMerge merge = new SmallMerge(ONE_SHARD);
    try (MergeCommitter committer = merge.begin(false)) {
      for (PartTask task : merge.plan().parts()) {
        committer.accept(merge.make(committer, task));
        assertThatThrownBy(() -> merge.store().list(OUTPUT))
            .isInstanceOf(NoSuchFileException.class);
      }
      committer.publish(merge.files(committer));
    }
    assertThat(visible(merge))
        .containsExactly(
            "README.md",
            "config.json",
            "model.safetensors",
            "stockpot-manifest.json",
            "tokenizer.json");
    assertThat(merge.store().openUploads()).isZero();
  }

  @Test
  void completesAShardWhenItsLastPartArrives() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    List<PartTask> parts = merge.plan().parts();
    try (MergeCommitter committer = merge.begin(false)) {
      for (int shard = 1; shard >= 0; shard--) { // the second one first: the order is free
        for (PartTask part : parts) {
          if (part.shard() == shard) {
            assertThat(merge.store().count(Request.COMPLETE)).isEqualTo(1 - shard);
            committer.accept(merge.make(committer, part));
          }
        }
      }
      assertThat(merge.store().count(Request.COMPLETE)).isEqualTo(2);
    }
  }

  @Test
  void countsAPartThatIsMadeTwiceOnce() throws IOException {
    SmallMerge merge = new SmallMerge(ONE_SHARD);
    List<PartTask> parts = merge.plan().parts();
    try (MergeCommitter committer = merge.begin(false)) {
      for (PartTask ignored : parts) {
        committer.accept(merge.make(committer, parts.get(0)));
      }
      assertThat(merge.store().count(Request.COMPLETE)).isZero();
      assertThatThrownBy(() -> committer.publish(Map.of()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("1 shards are not complete");
      assertThatThrownBy(() -> committer.sums(merge.store()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("1 shards are not complete");
    }
    assertNothingIsLeft(merge);
  }

  @Test
  void takesAPartThatComesAgainAfterItsShardIsComplete() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    try (MergeCommitter committer = merge.begin(false)) {
      List<PartResult> results = new ArrayList<>();
      for (PartTask task : merge.plan().parts()) {
        results.add(merge.make(committer, task));
      }
      for (PartResult result : results) {
        committer.accept(result);
      }
      committer.accept(results.get(0));
      committer.publish(merge.files(committer));
    }
    assertThat(merge.store().count(Request.COMPLETE)).isEqualTo(2);
  }

  @Test
  void leavesNothingIfItIsClosedBeforeItPublishes() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    try (MergeCommitter committer = merge.begin(false)) {
      committer.accept(merge.make(committer, merge.plan().parts().get(0)));
    }
    assertNothingIsLeft(merge);
  }

  @Test
  void freesTheFolderForTheNextMerge() throws IOException {
    SmallMerge merge = new SmallMerge(ONE_SHARD);
    merge.begin(false).close();
    merge.begin(false).close();
  }

  @Test
  void refusesAFolderThatHoldsSomethingUnlessAskedToReplaceIt() throws IOException {
    SmallMerge merge = new SmallMerge(ONE_SHARD);
    merge.store().write(OUTPUT.child("notes.txt"), new byte[1]);
    assertThatThrownBy(() -> merge.begin(false))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "merges/out is not empty. Name another folder, or pass --overwrite to replace what it"
                + " holds");
    assertThatThrownBy(() -> merge.begin(true))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessageStartingWith("merges/out holds 1 file that Stockpot did not write");
    merge.store().delete(OUTPUT.child("notes.txt"));
    merge.run();
    assertThat(visible(merge)).contains("model.safetensors");
  }

  @Test
  void listsTheTensorsOfSeveralShardsInAnIndex() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    merge.run();
    assertThat(visible(merge))
        .contains(
            "model-00001-of-00002.safetensors",
            "model-00002-of-00002.safetensors",
            "model.safetensors.index.json");
    assertThat(merge.text("model.safetensors.index.json").replaceAll("\\s", ""))
        .isEqualTo(
            """
            {"metadata":{"total_size":24},"weight_map":{
            "t.1":"model-00001-of-00002.safetensors",
            "t.2":"model-00001-of-00002.safetensors",
            "t.10":"model-00002-of-00002.safetensors"}}
            """
                .replaceAll("\\s", ""));
  }

  @Test
  void writesOtherFilesInTheOrderGivenAndTheManifestLast() throws IOException {
    SmallMerge merge = new SmallMerge(ONE_SHARD);
    merge.run();
    List<StoredObject> files = merge.store().list(OUTPUT);
    try (MergeCommitter committer = merge.begin(true)) {
      for (PartTask task : merge.plan().parts()) {
        committer.accept(merge.make(committer, task));
      }
      assertThat(merge.files(committer).keySet())
          .containsExactly("config.json", "tokenizer.json", "README.md", "stockpot-manifest.json");
    }
    assertThat(merge.store().list(OUTPUT)).isEqualTo(files); // and the old merge stays
  }
}
