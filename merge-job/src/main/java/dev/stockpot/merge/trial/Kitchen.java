package dev.stockpot.merge.trial;

import java.io.IOException;
import java.util.List;

/** Makes candidates, and takes them away again. */
public interface Kitchen {

  /**
   * Merges, in one reading of the inputs where they are the same.
   *
   * @param candidates at least one
   * @return where each lies, in their order
   */
  List<String> make(List<Order> candidates) throws IOException;

  /** Removes what was made, as soon as nobody needs it. */
  void remove(Order candidate) throws IOException;

  /**
   * What is to be made.
   *
   * @param id letters and digits, the same for the same bytes
   * @param recipe as YAML
   */
  record Order(String id, String recipe) {}
}
