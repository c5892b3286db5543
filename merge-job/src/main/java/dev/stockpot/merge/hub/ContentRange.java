package dev.stockpot.merge.hub;

import dev.stockpot.merge.hub.Wire.Answer;
import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.ObjectChangedException;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which bytes an answer says that it has. */
final class ContentRange {
  private static final int PARTIAL = 206;
  private static final int WHOLE = 200;
  private static final String PROXY =
      "A proxy may stand between; take another HF_ENDPOINT, or download the model";

  private static final Pattern FORM =
      Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private ContentRange() {}

  /**
   * Checks that an answer has the bytes that were asked for, or all bytes where these are the
   * first.
   *
   * @throws ObjectChangedException if they are of an object of another size
   * @throws HubException if it has others, and will have
   * @throws IOException if it has others; asking again may help
   */
  static void require(Answer answer, StoredObject object, ByteRange asked) throws IOException {
    String host = answer.uri().getHost();
    if (answer.header("Content-Encoding").filter(code -> !code.equals("identity")).isPresent()) {
      throw new HubException(
          "%s: %s compresses what it sends, which has no ranges. %s"
              .formatted(object.location(), host, PROXY));
    }
    if (answer.status() == WHOLE && asked.begin() == 0) {
      requireLength(answer, object);
    } else if (answer.status() == WHOLE) {
      throw new HubException(
          "%s: %s sends the whole file where bytes %s are asked for. %s"
              .formatted(object.location(), host, asked, PROXY));
    } else if (answer.status() != PARTIAL) {
      throw new HubException(
          "%s: %s answered with status %s where bytes %s were asked for. Merge again later, or download the model"
              .formatted(object.location(), host, answer.status(), asked));
    } else {
      requireRange(answer, object, asked);
    }
  }

  private static void requireRange(Answer answer, StoredObject object, ByteRange asked)
      throws IOException {
    String header = answer.header("Content-Range").orElse("");
    Matcher range = FORM.matcher(header);
    if (!range.matches()) {
      throw new IOException(
          "%s does not say which bytes it sends ('%s')".formatted(answer.uri().getHost(), header));
    }
    String total = range.group(3);
    if (!total.equals("*") && Long.parseLong(total) != object.size()) {
      throw new ObjectChangedException(object, "%s bytes now".formatted(total));
    }
    if (Long.parseLong(range.group(1)) != asked.begin()
        || Long.parseLong(range.group(2)) != asked.end() - 1) {
      throw new IOException(
          "%s sends bytes %s to %s where %s were asked for"
              .formatted(answer.uri().getHost(), range.group(1), range.group(2), asked));
    }
  }

  private static void requireLength(Answer answer, StoredObject object)
      throws ObjectChangedException {
    Optional<String> length = answer.header("Content-Length");
    if (length.filter(bytes -> !bytes.equals(String.valueOf(object.size()))).isPresent()) {
      throw new ObjectChangedException(object, "%s bytes now".formatted(length.get()));
    }
  }
}
