package dev.stockpot.merge.json;

import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;

/** Where spaces and lines go. Lines end in a line feed on every machine. */
public enum JsonStyle {
  /** Nowhere: {@code {"a":[1,2]}}. */
  COMPACT {
    @Override
    PrettyPrinter printer() {
      return null; // what the library takes for none
    }
  },
  /** A value a line, with spaces around colons and in what is empty: {@code "a" : { }}. */
  SPACIOUS {
    @Override
    PrettyPrinter printer() {
      return lines(Separators.createDefaultInstance());
    }
  },
  /** As Python indents by two: {@code "a": {}}. */
  PYTHON {
    @Override
    PrettyPrinter printer() {
      return lines(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator(""));
    }
  };

  abstract PrettyPrinter printer();

  private static PrettyPrinter lines(Separators separators) {
    DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
    return new DefaultPrettyPrinter(separators)
        .withObjectIndenter(indenter)
        .withArrayIndenter(indenter);
  }
}
