package dev.stockpot.merge.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ends of processes, and what they said. */
final class Processes {
  private static final int MOST_PRINTED = 1 << 20;
  private static final int SHOWN_LINES = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private Processes() {}

  /** Ends a process with all that it started; gives them a moment to clean up. */
  static void end(Process process) {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    all.add(process.toHandle());
    all.forEach(ProcessHandle::destroy);
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (ProcessHandle handle : all) {
      try {
        handle.onExit().get(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        handle.destroyForcibly();
      } catch (ExecutionException | TimeoutException e) {
        handle.destroyForcibly();
      }
    }
  }

  static String lastWords(Path err, Path out) throws IOException {
    List<String> lines = text(err).lines().filter(line -> !line.isBlank()).toList();
    if (lines.isEmpty()) {
      lines = text(out).lines().filter(line -> !line.isBlank()).toList();
    }
    List<String> last = lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    return last.isEmpty() ? " and said nothing" : ":\n    " + String.join("\n    ", last);
  }

  /** The end of what was printed. */
  static String text(Path file) throws IOException {
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long begin = Math.max(0, channel.size() - MOST_PRINTED);
      channel.position(begin);
      ByteBuffer bytes = ByteBuffer.allocate((int) (channel.size() - begin));
      int read = 0;
      while (read >= 0 && bytes.hasRemaining()) {
        read = channel.read(bytes);
      }
      return UTF_8.decode(bytes.flip()).toString();
    }
  }
}
