package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeRecipe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;

/** The word of a command that says which recipe: a file, or {@value #STANDARD_INPUT}. */
final class RecipeWord {
  static final String STANDARD_INPUT = "-";
  static final String DESCRIPTION =
      "Recipe in YAML (mergekit's) or HOCON (.conf): a file, s3a://…, or - for YAML from standard"
          + " input";

  /** As much as a file may have, so that a pipe of weights by mistake ends early. */
  private static final int LARGEST = 16 << 20;

  private RecipeWord() {}

  static MergeRecipe recipe(String word) {
    return recipe(word, System.in);
  }

  /**
   * The recipe that a word stands for.
   *
   * @throws UserException if standard input holds none
   */
  static MergeRecipe recipe(String word, InputStream in) {
    return word.equals(STANDARD_INPUT) ? MergeRecipe.yaml(text(in)) : MergeRecipe.at(word);
  }

  private static String text(InputStream in) {
    byte[] bytes;
    try {
      bytes = in.readNBytes(LARGEST + 1);
    } catch (IOException e) {
      throw new UserException(
          "The recipe - cannot be read from standard input (%s). Name a file instead"
              .formatted(e.getMessage()),
          e);
    }
    if (bytes.length > LARGEST) {
      throw new UserException(
          "Standard input has more than %s MiB, which is no recipe. Pipe the YAML alone"
              .formatted(LARGEST >> 20));
    }
    try {
      String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      if (text.isBlank()) {
        throw new UserException(
            "Standard input is empty. The recipe %s is read from it: stockpot plan %s < recipe.yml"
                .formatted(STANDARD_INPUT, STANDARD_INPUT));
      }
      return text;
    } catch (CharacterCodingException e) {
      throw new UserException(
          "Standard input is not UTF-8 (%s bytes), so it is no recipe. Pipe the YAML alone"
              .formatted(bytes.length),
          e);
    }
  }
}
