package dev.stockpot.merge.cli;

import dev.stockpot.merge.Secrets;
import dev.stockpot.merge.Shown;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;

/**
 * Hands over what commands say, whoever made the words, without keys and tokens, and without what a
 * terminal obeys.
 */
final class DiscreetWriter extends Writer {
  /** Of a line without an end; a key is far shorter. */
  private static final int MOST_HELD = 1 << 20;

  private final PrintWriter out;
  private final StringBuilder held = new StringBuilder();

  private DiscreetWriter(PrintWriter out) {
    this.out = out;
  }

  /** What is printed there comes out at the end of each line. */
  static PrintWriter to(PrintWriter out) {
    return new PrintWriter(new DiscreetWriter(out), /* autoFlush= */ true);
  }

  @Override
  public void write(char[] text, int from, int length) throws IOException {
    held.append(text, from, length);
    if (held.length() > MOST_HELD) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    if (held.length() > 0) {
      String said = held.toString();
      held.setLength(0);
      out.write(Shown.lines(Secrets.hidden(said)));
    }
    out.flush();
  }

  @Override
  public void close() throws IOException {
    flush();
  }
}
