package dev.stockpot.merge.table;

import dev.stockpot.merge.checkpoint.TensorInfo;
import java.io.Serializable;
import java.util.regex.Pattern;

/**
 * A tensor as a row tells of it.
 *
 * @param model as it was named
 * @param stack prefix of the numbered blocks that it stands in, {@code model.layers}; empty if none
 * @param layer counted from 0 in its stack; -1 outside of stacks
 */
record TensorRow(String model, TensorInfo tensor, String stack, int layer) implements Serializable {
  private static final String ROOT = "model.";
  private static final String WEIGHT = ".weight";
  private static final Pattern NUMBER = Pattern.compile("(?<![^.])[0-9]+(?![^.])");

  /** What it is called within its layer, or outside of all; numbers of experts are left open. */
  String block() {
    String name = tensor.name();
    if (layer < 0) {
      return plain(name.startsWith(ROOT) ? name.substring(ROOT.length()) : name);
    }
    int number = stack.isEmpty() ? 0 : stack.length() + 1;
    return plain(NUMBER.matcher(name.substring(name.indexOf('.', number) + 1)).replaceAll("*"));
  }

  private static String plain(String name) {
    return name.endsWith(WEIGHT) ? name.substring(0, name.length() - WEIGHT.length()) : name;
  }
}
