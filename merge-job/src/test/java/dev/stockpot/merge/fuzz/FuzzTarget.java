package dev.stockpot.merge.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

/** What a fuzzer calls, for hours: {@code checks/fuzz/fuzz.sh}. */
public final class FuzzTarget {
  private static final String NAME = System.getProperty("fuzz.parser", "header");

  private static final Parsers.Parser PARSER =
      requireNonNull(Parsers.ALL.get(NAME), "there is no parser " + NAME);

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
    PARSER.read(input);
  }
}
