package dev.stockpot.merge.storage;

import java.util.Optional;

/**
 * How something that lies beside an output while it is made is named after it.
 *
 * @param end what its name has at its end; a dot stands in front
 */
public record NameBeside(String end) {
  /** The name beside an output. */
  public String of(String output) {
    return "." + output + end;
  }

  /** The name of the output; nothing if this is beside none. */
  public Optional<String> output(String name) {
    boolean isOne = name.startsWith(".") && name.endsWith(end) && name.length() > end.length() + 1;
    return isOne ? Optional.of(name.substring(1, name.length() - end.length())) : Optional.empty();
  }
}
