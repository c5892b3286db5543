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
  private static final Pattern FORM = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");

  private ContentRange() {}

  /**
   * Checks that they are those that were asked for.
   *
   * @throws ObjectChangedException if they are of an object of another size
   * @throws IOException if they are others; asking again may help
   */
  static void require(Answer answer, StoredObject object, ByteRange asked) throws IOException {
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

  /**
   * Checks that an answer is the whole object.
   *
   * @throws ObjectChangedException if it has another size
   */
  static void requireLength(Answer answer, StoredObject object) throws ObjectChangedException {
    Optional<String> length = answer.header("Content-Length");
    if (length.filter(bytes -> !bytes.equals(String.valueOf(object.size()))).isPresent()) {
      throw new ObjectChangedException(object, "%s bytes now".formatted(length.get()));
    }
  }
}
