package dev.stockpot.merge.storage.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.PartTicket;
import dev.stockpot.merge.storage.PendingFolder;
import dev.stockpot.merge.storage.Replaceable;
import dev.stockpot.merge.storage.hadoop.S3Wire.Fault;
import java.io.IOException;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Uploads that are completed, or not, or nobody knows. */
class S3CompletionTest extends S3CommitCases {
  @Test
  void aCompletionWhoseAnswerIsLostIsDone() throws IOException {
    server.breaks(completing("a.safetensors"), Fault.LOSE_ANSWER, 1);
    publish(false, "a.safetensors");

    assertThat(textOf("a.safetensors")).isEqualTo("new a.safetensors");
    assertThat(server.uploadsBelow(place)).isEmpty();
  }

  @Test
  void aCompletionOfWhichNoAnswerEverComesIsDoneWhenTheObjectIsThere() throws IOException {
    server.breaks(completing("a.safetensors"), Fault.LOSE_ANSWER, Integer.MAX_VALUE);
    publish(false, "a.safetensors");

    assertThat(textOf("manifest.json")).isEqualTo("new manifest");
  }

  @Test
  void aCompletionThatNeverArrivesLeavesTheRestUntouchedAndSaysWhatToCheck() throws IOException {
    server.breaks(completing("b.safetensors"), Fault.RESET, Integer.MAX_VALUE);

    assertThatThrownBy(() -> publish(false, "a.safetensors", "b.safetensors"))
        .isInstanceOf(CommitStateUnknownException.class)
        .hasMessageContaining("did not say whether it made " + out.child("b.safetensors"))
        .hasMessageContaining("Merge again with --resume")
        .hasMessageContaining("look whether " + out + " is complete");
    assertThat(there()).containsExactly(".out.stockpot-lock", "out/a.safetensors");
    assertThat(server.uploadsBelow(place)).hasSize(3);
  }

  @Test
  void aCompletionThatIsRefusedHidesWhatWasShown() throws IOException {
    assertThatThrownBy(
            () -> {
              try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
                upload(folder, "a.safetensors", "a");
                upload(folder, "b.safetensors", "b");
                abortUploadOf("b.safetensors");
                folder.publish();
              }
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("b.safetensors");

    assertThat(there()).isEmpty();
    assertThat(server.uploadsBelow(place)).isEmpty();
  }

  @Test
  void aReplacementThatIsRefusedSaysThatTheOldOneIsLost() throws IOException {
    server.write(out.child("a.safetensors"), text("old"));
    server.write(out.child("index.json"), text("old"));

    assertThatThrownBy(
            () -> {
              try (PendingFolder folder = store.create(out, all())) {
                upload(folder, "a.safetensors", "a");
                upload(folder, "b.safetensors", "b");
                abortUploadOf("b.safetensors");
                folder.publish();
              }
            })
        .hasMessageContaining(out + " could not be replaced")
        .hasMessageContaining("merge again with --overwrite");
    assertThat(there()).isEmpty();
  }

  @Test
  void aPartSurvivesConnectionsThatBreakAndServersThatAreBusy() throws IOException {
    Predicate<String> part = request -> request.startsWith("PUT") && request.contains("partNumber");
    server.breaks(part, Fault.LOSE_ANSWER, 1);
    server.breaks(part, Fault.SLOW_DOWN, 1);
    publish(false, "a.safetensors");

    assertThat(textOf("a.safetensors")).isEqualTo("new a.safetensors");
  }

  @Test
  void partsThatS3RefusesAreRefusedBeforeTheyAreMade() throws IOException {
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      PendingFolder.Upload upload = folder.startUpload("a.safetensors", 20L << 30);

      assertThatThrownBy(() -> upload.ticket(1, new ByteRange(0, 5_000_000)))
          .isInstanceOf(UserException.class)
          .hasMessageContaining("part-size is 5000000 bytes")
          .hasMessageContaining("no less than 5 MiB");
      assertThatThrownBy(() -> upload.ticket(10_001, new ByteRange(0, 6_000_000)))
          .hasMessageContaining("10,000 parts");
    }
  }

  @Test
  void aPartTravelsWithItsTicketAlone() throws IOException {
    try (PendingFolder folder = store.create(out, Replaceable.NOTHING)) {
      PartTicket ticket = folder.startUpload("a", 1).ticket(1, new ByteRange(0, 1));

      assertThat(ticket.target()).isEqualTo(out.child("a"));
      assertThat(ticket.toString()).doesNotContain("secret");
    }
  }
}
