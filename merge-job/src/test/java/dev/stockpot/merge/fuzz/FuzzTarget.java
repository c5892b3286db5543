package dev.stockpot.merge.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;

/** What a fuzzer calls, for hours: {@code checks/fuzz/fuzz.sh}. */
public final class FuzzTarget {
  /** Of the processor: what else runs on the machine makes no input slow. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private static final String NAME = System.getProperty("fuzz.parser", "header");

  private static final Parsers.Parser PARSER =
      requireNonNull(Parsers.ALL.get(NAME), "there is no parser " + NAME);

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private FuzzTarget() {}

  /** Classes are loaded before the first input, so that none of it is taken for slow. */
  public static void fuzzerInitialize() throws Exception {
    for (String text :
        new String[] {"", "{}", "{\"a\": [1, 1.5, \"b\", null, true]}", "a: [b]\n"}) {
      for (int i = 0; i < 100; i++) {
        PARSER.read(text.getBytes(UTF_8));
      }
    }
  }

  /** One input, by the name that Jazzer looks for. */
  public static void fuzzerTestOneInput(byte[] input) throws Exception {
    boolean isSlow = isSlow(PARSER, input);
    if (isSlow) { // the first of a kind may load classes, which are instrumented then
      isSlow = isSlow(PARSER, input);
    }
    if (isSlow) {
      throw new AssertionError("%s bytes take over %s".formatted(input.length, LONGEST));
    }
  }

  static boolean isSlow(Parsers.Parser parser, byte[] input) throws Exception {
    long begin = THREADS.getCurrentThreadCpuTime();
    parser.read(input);
    return THREADS.getCurrentThreadCpuTime() - begin > LONGEST.toNanos();
  }
}
