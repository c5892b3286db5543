package dev.stockpot.merge.storage.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.PartReceipt;
import dev.stockpot.merge.storage.PartTicket;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that parts fill: tickets stay within it, and it is over once it is whole or given up. */
class LocalUploadTest {
  @TempDir private Path root;
  private final AtomicInteger over = new AtomicInteger();
  private LocalUpload upload;

  @BeforeEach
  void begin() throws IOException {
    Path file = Files.write(root.resolve("model"), new byte[10]);
    upload = new LocalUpload("model", file, 10, "file:", over::incrementAndGet);
  }

  private PartReceipt receipt(int number, long begin, long end) {
    return new PartReceipt(upload.ticket(number, new ByteRange(begin, end)), "");
  }

  @Test
  void ticketsSayWhereAPartGoes() {
    PartTicket ticket = upload.ticket(2, new ByteRange(4, 10));
    assertThat(ticket.target().path()).isEqualTo("file:" + root.resolve("model"));
    assertThat(ticket.range()).isEqualTo(new ByteRange(4, 10));
    assertThat(upload.id()).isEqualTo("model");
  }

  @Test
  void noTicketLeadsBeyondItsEnd() {
    assertThatThrownBy(() -> upload.ticket(3, new ByteRange(4, 11)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("model has 10 bytes, part 3 ends at 11");
  }

  @Test
  void itIsOverWhenAllPartsAreThere() throws IOException {
    upload.complete(List.of(receipt(1, 0, 4), receipt(2, 4, 10)));
    assertThat(over).hasValue(1);
    assertThat(upload.file()).exists();
  }

  @Test
  void aHoleIsNoWholeFile() {
    assertThatThrownBy(() -> upload.complete(List.of(receipt(1, 0, 4), receipt(2, 5, 10))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not follow the part before, which ends at byte 4");
    assertThatThrownBy(() -> upload.complete(List.of(receipt(1, 0, 4))))
        .isInstanceOf(IOException.class)
        .hasMessage("the parts of upload model end at byte 4, the object at 10");
    assertThat(over).hasValue(0);
  }

  @Test
  void aPartOfAnotherUploadIsNone() {
    PartTicket ours = upload.ticket(1, new ByteRange(0, 10));
    PartTicket other = new PartTicket(ours.target(), "old", 1, ours.range());
    assertThatThrownBy(() -> upload.complete(List.of(new PartReceipt(other, ""))))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not of upload model");
  }

  @Test
  void givenUpItsFileIsGoneAndSoIsTheWaiting() throws IOException {
    upload.abort();
    assertThat(upload.file()).doesNotExist();
    assertThat(over).hasValue(1);
    upload.abort(); // is no fault
  }
}
