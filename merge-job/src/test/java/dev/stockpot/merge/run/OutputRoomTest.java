package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ForwardingStore;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.ObjectStore;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may go of an output folder, and what lies beside it for a while. */
class OutputRoomTest {
  private static final Location OUT = new Location("s3://b/out");
  private static final Location SCRATCH = new Location("s3://b/out-scratch");
  private static final String MANIFEST =
      """
      {"format": 1, "files": [{"file": "config.json", "size": 2}, {"file": "gone.json", "size": 1}]}
      """;

  private final MemoryStore store = new MemoryStore();
  private final Notices notices = new Notices();

  /** An earlier output of ours. */
  private void writeOurs(Location folder) {
    store.write(folder.child("config.json"), "{}".getBytes(UTF_8));
    store.write(folder.child("stockpot-manifest.json"), MANIFEST.getBytes(UTF_8));
  }

  private Replaceable in(Overwrite overwrite) throws IOException {
    return overwrite.in(store, OUT, notices::noticed);
  }

  private void require(Overwrite overwrite, boolean resumes) throws IOException {
    new OutputRoom(store, OUT, in(overwrite)).require(resumes);
  }

  @Test
  void nothingMayGoUnlessThatIsAsked() throws IOException {
    writeOurs(OUT);
    assertThat(in(Overwrite.NOTHING)).isEqualTo(Replaceable.NOTHING);
    assertThatThrownBy(() -> require(Overwrite.NOTHING, false))
        .isInstanceOf(OutputOccupiedException.class)
        .hasMessage(
            "s3://b/out is not empty. Name another folder, or pass --overwrite to replace what it"
                + " holds");
    assertThat(in(Overwrite.OURS).entries())
        .containsExactlyInAnyOrder("config.json", "stockpot-manifest.json");
    require(Overwrite.OURS, false);
  }

  @Test
  void whatIsForeignGoesOnlyWhereAnythingMayAndIsNamed() throws IOException {
    writeOurs(OUT);
    require(Overwrite.ANYTHING, false);
    assertThat(notices.told).as("all of it is ours").isEmpty();

    store.write(OUT.child("notes.txt"), new byte[1]);
    assertThatThrownBy(() -> require(Overwrite.OURS, false))
        .hasMessage(
            "s3://b/out holds 1 file that Stockpot did not write, or not as now: notes.txt. Move"
                + " what you need elsewhere, or name another folder; --overwrite-foreign deletes"
                + " it");
    require(Overwrite.ANYTHING, false);
    assertThat(notices.told)
        .containsExactly(
            "s3://b/out, once the new one is whole, loses 1 file that Stockpot did not write, or"
                + " not as now: notes.txt");
    assertThat(store.tree(OUT, 9)).as("so far nothing went").hasSize(3);
  }

  @Test
  void whatAnEarlierDriverLeftIsNoObstacleAndStays() throws IOException {
    PendingFolder begun = store.create(OUT, Replaceable.NOTHING);
    begun.note("merge.json", UTF_8.encode("begun"));
    begun.keep();

    require(Overwrite.NOTHING, /* resumes= */ true);
    assertThat(store.unfinished(new Location("s3://b"))).containsExactly(OUT);
    try (PendingFolder again = store.resume(OUT, Replaceable.NOTHING)) {
      assertThat(again.journal()).containsOnlyKeys("merge.json");
    }
  }

  @Test
  void aLookClaimsNothingForLong() throws IOException {
    require(Overwrite.NOTHING, /* resumes= */ true);
    require(Overwrite.NOTHING, /* resumes= */ false);
    assertThat(store.unfinished(new Location("s3://b"))).isEmpty();
    store.write(OUT.child("notes.txt"), new byte[1]);
    assertThatThrownBy(() -> require(Overwrite.NOTHING, /* resumes= */ true))
        .isInstanceOf(OutputOccupiedException.class);
  }

  @Test
  void stagesOfOursGoAndWhatIsNotOursStays() throws IOException {
    writeOurs(SCRATCH.child("first"));
    store.write(SCRATCH.child("first").child("notes.txt"), new byte[1]);
    writeOurs(SCRATCH.child("second"));
    PendingFolder begun = store.create(SCRATCH.child("third"), Replaceable.NOTHING);
    begun.put("config.json", UTF_8.encode("{}"));
    begun.note("merge.json", UTF_8.encode("begun"));
    begun.keep();
    store.write(SCRATCH.child("third").child("mine.txt"), new byte[1]);
    StageScratch scratch = new StageScratch(store);
    scratch.add(OUT, notices);
    scratch.remove();

    assertThat(store.tree(SCRATCH, 9))
        .containsExactlyInAnyOrder("first/notes.txt", "third/mine.txt");
    assertThat(store.unfinished(SCRATCH)).isEmpty();
    assertThat(notices.told).isEmpty();
    assertThat(StageScratch.discard(store, OUT)).as("what stays is still there").isTrue();
    assertThat(StageScratch.discard(store, new Location("s3://b/none"))).isFalse();
    store.write(new Location("s3://b/other-scratch/notes.txt"), new byte[1]);
    assertThat(StageScratch.discard(store, new Location("s3://b/other"))).isFalse();
  }

  @Test
  void stagesThatCannotBeRemovedAreTold() {
    ForwardingStore locked =
        new ForwardingStore() {
          @Override
          public ObjectStore store() {
            return store;
          }

          @Override
          public List<Location> folders(Location folder) throws IOException {
            throw new IOException("no answer");
          }
        };
    StageScratch scratch = new StageScratch(locked);
    scratch.add(OUT, notices);
    scratch.add(new Location("s3://b/other"), notices);
    scratch.remove();
    assertThat(notices.told)
        .containsExactly(
            "s3://b/out-scratch could not be removed, and can go: no answer",
            "s3://b/other-scratch could not be removed, and can go: no answer");
  }
}
