package dev.stockpot.merge.checkpoint;

import dev.stockpot.merge.json.JsonStyle;
import dev.stockpot.merge.json.JsonValue;
import dev.stockpot.merge.json.JsonWriter;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Values of a configuration as text, in which equal numbers are equal. */
final class ConfigValue {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?");
  private static final int MOST_DIGITS = 20;

  private ConfigValue() {}

  /** 10000 and 10000.0 are one number, and so are 1e-5 and 0.00001. */
  static String spelled(JsonValue value) {
    String written = value.text().orElseGet(() -> JsonWriter.text(JsonStyle.COMPACT, value));
    if (value.text().isPresent() || !NUMBER.matcher(written).matches()) {
      return written;
    }
    BigDecimal number = new BigDecimal(written);
    return number.signum() == 0 ? "0" : plain(number.stripTrailingZeros());
  }

  private static String plain(BigDecimal number) {
    return Math.abs(number.scale()) > MOST_DIGITS ? number.toString() : number.toPlainString();
  }
}
