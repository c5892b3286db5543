package dev.stockpot.merge.commit;

import static dev.stockpot.kernels.random.Rounding.Mode.NEAREST;
import static dev.stockpot.merge.commit.SmallMerge.OUTPUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.part.PartResult;
import dev.stockpot.merge.plan.OutputShard;
import dev.stockpot.merge.plan.PartTask;
import dev.stockpot.merge.storage.MemoryStore.Request;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Merges that go on where another stopped. */
class MergeResumeTest {
  private static final long SHARD_OF_TWO_TENSORS = 16;
  private static final String DIGEST = "ab".repeat(32);

  /** The second shard is the smaller one: it has one tensor. */
  private static void makeShard(SmallMerge merge, MergeCommitter committer, int shard)
      throws IOException {
    for (PartTask task : merge.plan().parts()) {
      if (task.shard() == shard) {
        committer.accept(merge.make(committer, task));
      }
    }
  }

  private static void finish(SmallMerge merge, MergeCommitter committer) throws IOException {
    for (PartTask task : committer.remaining().parts()) {
      committer.accept(merge.make(committer, task));
    }
    committer.publish(merge.files(committer));
  }

  private static void assertNothingIsLeft(SmallMerge merge) throws IOException {
    assertThatThrownBy(() -> merge.store().list(OUTPUT)).isInstanceOf(NoSuchFileException.class);
    assertThat(merge.store().openUploads()).isZero();
    merge.begin(false).close();
  }

  @Test
  void onlyWhatIsMissingIsMade() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    MergeCommitter dead = merge.begin(false);
    makeShard(merge, dead, 0);
    long made = merge.store().count(Request.FINISH_PART);

    try (MergeCommitter committer = merge.resume()) {
      assertThat(committer.predecessor()).isPresent();
      assertThat(committer.shardsFound()).isEqualTo(1);
      assertThat(committer.bytesFound()).isEqualTo(merge.plan().shards().get(0).size());
      assertThat(committer.remaining().parts()).extracting(PartTask::shard).containsOnly(1);
      finish(merge, committer);
    }
    assertThat(merge.store().count(Request.FINISH_PART) - made)
        .isEqualTo(merge.plan().parts().stream().filter(part -> part.shard() == 1).count());
    assertSameAsUndisturbed(merge);
    assertThat(merge.store().openUploads()).isZero();
  }

  @Test
  void aShardWithoutADigestIsMadeAgainWhereThatIsWanted() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    MergeCommitter dead = merge.begin(false);
    makeShard(merge, dead, 0);

    try (MergeCommitter committer = merge.resume(true)) {
      assertThat(committer.shardsFound()).isZero();
      finish(merge, committer);
    }
    assertSameAsUndisturbed(merge);
    assertThat(merge.store().openUploads()).isZero();
  }

  @Test
  void aShardWithADigestIsTakenWithIt() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    MergeCommitter dead = merge.begin(false);
    for (PartTask task : merge.plan().parts()) {
      if (task.shard() == 0) {
        dead.accept(digested(merge.make(dead, task)));
      }
    }
    try (MergeCommitter committer = merge.resume(true)) {
      assertThat(committer.shardsFound()).isEqualTo(1);
      for (PartTask task : committer.remaining().parts()) {
        committer.accept(digested(merge.make(committer, task)));
      }
      assertThat(committer.sums(merge.store()).sha256())
          .containsOnlyKeys(merge.plan().shards().stream().map(OutputShard::file).toList())
          .allSatisfy((file, sha256) -> assertThat(sha256).isEqualTo(DIGEST));
    }
  }

  private static PartResult digested(PartResult part) {
    return new PartResult(
        part.shard(),
        part.receipt(),
        part.slices(),
        part.updates(),
        part.nonFinite(),
        part.observations(),
        part.matrices(),
        part.times(),
        DIGEST);
  }

  private static void assertSameAsUndisturbed(SmallMerge merge) throws IOException {
    SmallMerge other = new SmallMerge(SHARD_OF_TWO_TENSORS);
    other.run();
    for (var file : other.store().list(OUTPUT)) {
      String name = file.location().name();
      assertThat(merge.store().bytes(OUTPUT.child(name)))
          .as(name)
          .isEqualTo(other.store().bytes(OUTPUT.child(name)));
    }
  }

  @Test
  void aMergeThatOnlyLackedItsPublicationIsPublished() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    MergeCommitter dead = merge.begin(false);
    makeShard(merge, dead, 0);
    makeShard(merge, dead, 1);

    try (MergeCommitter committer = merge.resume()) {
      assertThat(committer.remaining().parts()).isEmpty();
      assertThat(committer.nonFinite()).isEqualTo(SmallMerge.NOT_FINITE);
      finish(merge, committer);
    }
    assertSameAsUndisturbed(merge);
  }

  @Test
  void itGoesOnAgainAfterASecondDeath() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    makeShard(merge, merge.begin(false), 1);
    makeShard(merge, merge.resume(), 0);

    try (MergeCommitter committer = merge.resume()) {
      assertThat(committer.shardsFound()).isEqualTo(2);
      finish(merge, committer);
    }
    assertSameAsUndisturbed(merge);
  }

  @Test
  void anEntryOfAnUploadThatWasGivenUpDoesNotCount() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    MergeCommitter dead = merge.begin(false);
    makeShard(merge, dead, 0);
    try (PendingFolder folder = merge.store().resume(OUTPUT, Replaceable.NOTHING)) {
      String entry = "model-00001-of-00002.safetensors.json";
      String text = UTF_8.decode(folder.journal().get(entry)).toString();
      folder.note(
          entry, UTF_8.encode(text.replaceFirst("\"upload\":\"[^\"]*\"", "\"upload\":\"old\"")));
      folder.keep();
    }

    try (MergeCommitter committer = merge.resume()) {
      assertThat(committer.shardsFound()).isZero();
      finish(merge, committer);
    }
    assertSameAsUndisturbed(merge);
  }

  @Test
  void anEntryThatWasCutShortDoesNotCount() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    makeShard(merge, merge.begin(false), 0);
    try (PendingFolder folder = merge.store().resume(OUTPUT, Replaceable.NOTHING)) {
      folder.note("model-00001-of-00002.safetensors.json", UTF_8.encode("{\"file\":"));
      folder.keep();
    }

    try (MergeCommitter committer = merge.resume()) {
      assertThat(committer.shardsFound()).isZero();
    }
    assertNothingIsLeft(merge);
  }

  @Test
  void anotherMergeIsRefusedAndNothingIsLost() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    MergeCommitter dead = merge.begin(false);
    makeShard(merge, dead, 0);
    MergeIdentity other =
        MergeIdentity.of(SmallMerge.facts(), Map.of("seed", "8"), merge.inputs(), merge.plan());

    assertThatThrownBy(
            () ->
                MergeCommitter.resume(
                    merge.store(), OUTPUT, Replaceable.NOTHING, other, merge.plan(), false))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The merge that was begun into merges/out is another one:\n"
                + "  seed: was 7, is 8\n"
                + "Make it as it was and go on with --resume, or give it up: stockpot discard"
                + " merges/out");
    try (MergeCommitter committer = merge.resume()) {
      assertThat(committer.shardsFound()).isEqualTo(1);
      finish(merge, committer);
    }
  }

  @Test
  void aMergeThatStopsKeepsItsShardsIfItWasToldTo() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    try (MergeCommitter committer = merge.resume()) {
      makeShard(merge, committer, 0);
      assertThat(committer.stop()).isEqualTo(new Leftovers.Kept(1, 2));
    }
    assertThat(merge.store().openUploads()).isEqualTo(1);
    assertThatThrownBy(() -> merge.begin(true)).isInstanceOf(OutputOccupiedException.class);

    assertThat(UnfinishedMerge.discard(merge.store(), OUTPUT)).isTrue();
    assertThat(UnfinishedMerge.discard(merge.store(), OUTPUT)).isFalse();
    assertNothingIsLeft(merge);
  }

  @Test
  void aMergeThatStopsWithoutAFinishedShardLeavesNothing() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    try (MergeCommitter committer = merge.resume()) {
      committer.accept(merge.make(committer, merge.plan().parts().get(0)));
      assertThat(committer.stop()).isEqualTo(new Leftovers.Nothing());
    }
    assertNothingIsLeft(merge);
  }

  @Test
  void aMergeThatWasNotToldToKeepLeavesNothing() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    try (MergeCommitter committer = merge.begin(false)) {
      makeShard(merge, committer, 0);
      assertThat(committer.stop()).isEqualTo(new Leftovers.Nothing());
    }
    assertNothingIsLeft(merge);
  }

  @Test
  void aMergeThatWasTakenOverSaysBy() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    try (MergeCommitter slow = merge.begin(false)) {
      makeShard(merge, slow, 0);
      try (MergeCommitter other = merge.resume()) {
        assertThatThrownBy(() -> makeShard(merge, slow, 1)).isInstanceOf(IOException.class);
        assertThat(slow.stop()).isEqualTo(new Leftovers.TakenOver("the next merge"));
        finish(merge, other);
      }
    }
    assertSameAsUndisturbed(merge);
  }

  @Test
  void aDiscardedFolderKeepsWhatWasPublishedBefore() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    merge.run();
    List<?> published = merge.store().list(OUTPUT);
    makeShard(merge, merge.begin(true), 0);

    assertThat(UnfinishedMerge.discard(merge.store(), OUTPUT)).isTrue();
    assertThat(merge.store().list(OUTPUT)).isEqualTo(published);
    assertThat(merge.store().openUploads()).isZero();
  }

  @Test
  void aMergeThatWasPublishedIsKnownAgain() throws IOException {
    SmallMerge merge = new SmallMerge(SHARD_OF_TWO_TENSORS);
    assertThat(isPublished(merge, SmallMerge.facts())).isFalse();
    merge.run();

    assertThat(isPublished(merge, SmallMerge.facts())).isTrue();
    MergeFacts otherSeed =
        new MergeFacts(SmallMerge.RECIPE, "linear", 8, NEAREST, SmallMerge.facts().versions());
    assertThat(isPublished(merge, otherSeed)).isFalse();
    merge.store().write(OUTPUT.child("model-00002-of-00002.safetensors"), new byte[1]);
    assertThat(isPublished(merge, SmallMerge.facts())).isFalse();
    merge.store().write(OUTPUT.child("stockpot-manifest.json"), "{".getBytes(UTF_8));
    assertThat(isPublished(merge, SmallMerge.facts())).isFalse();
  }

  private static boolean isPublished(SmallMerge merge, MergeFacts facts) throws IOException {
    return PublishedMerge.isIn(merge.store(), OUTPUT, facts, merge.inputs(), merge.plan());
  }
}
