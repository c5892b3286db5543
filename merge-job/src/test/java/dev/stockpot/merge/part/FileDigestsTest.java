package dev.stockpot.merge.part;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.Sha256;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.PartTicket;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A digest of a file is known where all bytes pass in their order, and nowhere else. */
class FileDigestsTest {
  private static final Location FOLDER = new Location("out/shard");

  private final FileDigests digests = new FileDigests();
  private final byte[] file = new byte[1000];

  FileDigestsTest() {
    new Random(1).nextBytes(file);
  }

  private static PartTicket part(String upload, int number, int begin, int end) {
    return new PartTicket(FOLDER, upload, number, new ByteRange(begin, end));
  }

  private ByteBuffer bytes(int begin, int end) {
    return ByteBuffer.wrap(file, begin, end - begin);
  }

  private String expected(int end) {
    return Sha256.of(bytes(0, end));
  }

  @Test
  void isOfAllPartsUpToEach() {
    PartTicket first = part("u", 1, 0, 400);
    digests.add(first, 0, bytes(0, 100));
    digests.add(first, 100, bytes(100, 400));
    assertThat(digests.upTo(first)).isEqualTo(expected(400));
    PartTicket second = part("u", 2, 400, 1000);
    digests.add(second, 0, bytes(400, 1000));
    assertThat(digests.upTo(second)).isEqualTo(expected(1000));
  }

  @Test
  void leavesPositionsWhereTheyAre() {
    ByteBuffer bytes = bytes(0, 100);
    digests.add(part("u", 1, 0, 100), 0, bytes);
    assertThat(bytes.remaining()).isEqualTo(100);
  }

  @Test
  void isNotKnownOfAPartThatIsNotWhole() {
    PartTicket first = part("u", 1, 0, 400);
    assertThat(digests.upTo(first)).isEmpty();
    digests.add(first, 0, bytes(0, 399));
    assertThat(digests.upTo(first)).isEmpty();
  }

  @Test
  void isNotKnownWhereAnEarlierPartIsMissing() {
    digests.add(part("u", 1, 0, 400), 0, bytes(0, 400));
    PartTicket third = part("u", 3, 600, 1000);
    digests.add(third, 0, bytes(600, 1000));
    assertThat(digests.upTo(third)).isEmpty();
  }

  @Test
  void isNotKnownWherePartsComeInAnotherOrder() {
    digests.add(part("u", 2, 400, 1000), 0, bytes(400, 1000));
    digests.add(part("u", 1, 0, 400), 0, bytes(0, 400));
    assertThat(digests.upTo(part("u", 2, 400, 1000))).isEmpty();
  }

  @Test
  void filesThatAreMadeSideBySideDoNotMix() {
    PartTicket one = part("u", 1, 0, 10);
    PartTicket other = part("v", 1, 0, 20);
    digests.add(one, 0, bytes(0, 5));
    digests.add(other, 0, bytes(0, 20));
    digests.add(one, 5, bytes(5, 10));
    assertThat(digests.upTo(one)).isEqualTo(expected(10));
    assertThat(digests.upTo(other)).isEqualTo(expected(20));
  }
}
