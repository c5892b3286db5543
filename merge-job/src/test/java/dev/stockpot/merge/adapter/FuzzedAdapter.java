package dev.stockpot.merge.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;

/** Configurations of adapters of any text. */
public final class FuzzedAdapter {
  private FuzzedAdapter() {}

  /** What is not understood is a problem. */
  public static void config(byte[] bytes) {
    List<String> problems = new ArrayList<>();
    if (AdapterConfig.parse(new String(bytes, UTF_8), problems).isEmpty() && problems.isEmpty()) {
      throw new AssertionError("neither understood nor refused");
    }
  }
}
