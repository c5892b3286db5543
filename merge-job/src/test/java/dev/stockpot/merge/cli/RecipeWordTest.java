package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.run.MergeRecipe;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class RecipeWordTest {
  private static InputStream holding(byte[] bytes) {
    return new ByteArrayInputStream(bytes);
  }

  private static MergeRecipe piped(byte[] bytes) {
    return RecipeWord.recipe("-", holding(bytes));
  }

  @Test
  void aDashIsWhatStandardInputHolds() {
    String yaml = "merge_method: linear # größer\n";

    assertThat(piped(yaml.getBytes(UTF_8))).hasToString(yaml);
  }

  @Test
  void anythingElseIsAPlace() {
    assertThat(RecipeWord.recipe("./-", holding(new byte[0]))).hasToString("./-");
    assertThat(RecipeWord.recipe("ties.yml", holding(new byte[0]))).hasToString("ties.yml");
  }

  @Test
  void anEmptyInputIsAPipeThatFailed() {
    for (String nothing : new String[] {"", "\n  \n"}) {
      assertThatThrownBy(() -> piped(nothing.getBytes(UTF_8)))
          .isInstanceOf(UserException.class)
          .hasMessage(
              "Standard input is empty. The recipe - is read from it: stockpot plan - <"
                  + " recipe.yml");
    }
  }

  @Test
  void whatIsNoTextIsNoRecipe() {
    assertThatThrownBy(() -> piped(new byte[] {'a', (byte) 0xff, 'b'}))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "Standard input is not UTF-8 (3 bytes), so it is no recipe. Pipe the YAML alone");
  }

  @Test
  void weightsInAPipeEndEarly() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return 'a';
          }

          @Override
          public int read(byte[] to, int from, int most) {
            return most;
          }
        };

    assertThatThrownBy(() -> RecipeWord.recipe("-", endless))
        .isInstanceOf(UserException.class)
        .hasMessage("Standard input has more than 16 MiB, which is no recipe. Pipe the YAML alone");
  }

  @Test
  void aPipeThatBreaksIsNamed() {
    InputStream broken =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("Input/output error");
          }
        };

    assertThatThrownBy(() -> RecipeWord.recipe("-", broken))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "The recipe - cannot be read from standard input (Input/output error). Name a file"
                + " instead");
  }
}
