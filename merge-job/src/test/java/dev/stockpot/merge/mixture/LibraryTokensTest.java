package dev.stockpot.merge.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import dev.stockpot.merge.storage.local.LocalStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A library that may be there turns prompts into tokens, and a message says which one it is. */
class LibraryTokensTest {
  @TempDir private Path folder;

  /** In the place of the library: a token for each letter, behind the length of its file. */
  static final class Letters implements AutoCloseable {
    static boolean isClosed;

    private final int length;

    private Letters(int length) {
      this.length = length;
    }

    /** Opens a tokenizer, as the library does. */
    public static Letters newInstance(InputStream file, Map<String, String> options)
        throws IOException {
      assertThat(options).containsEntry("truncation", "false").containsEntry("padding", "false");
      byte[] bytes = file.readAllBytes();
      if (bytes.length == 0) {
        throw new IllegalStateException("expected value at line 1");
      }
      isClosed = false;
      return new Letters(bytes.length);
    }

    /** Encodes a text, as the library does. */
    public Encoding encode(String text, boolean addsSpecialTokens, boolean withOverflow) {
      assertThat(addsSpecialTokens).isFalse();
      long[] ids = new long[text.length() + 1];
      ids[0] = length;
      for (int i = 0; i < text.length(); i++) {
        ids[i + 1] = text.charAt(i);
      }
      return new Encoding(ids);
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  /** Of the library, too. */
  static final class Encoding {
    private final long[] ids;

    Encoding(long[] ids) {
      this.ids = ids;
    }

    public long[] getIds() {
      return ids;
    }
  }

  private Map<String, StoredObject> files(String... namesAndTexts) throws IOException {
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      Path file = folder.resolve(namesAndTexts[i]);
      byte[] bytes = namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
      Files.write(file, bytes);
      files.put(
          namesAndTexts[i], new LocalStore().find(new Location(file.toString())).orElseThrow());
    }
    return files;
  }

  private static List<int[]> tokens(Map<String, StoredObject> files, String... prompts)
      throws IOException {
    return new LibraryTokens(new LocalStore(), Letters.class.getName())
        .of(List.of(prompts), "models/base", files);
  }

  @Test
  void promptsAreEncodedOneByOne() throws IOException {
    List<int[]> tokens = tokens(files("tokenizer.json", "{}"), "ab", "c");
    assertThat(tokens.get(0)).containsExactly(2, 'a', 'b');
    assertThat(tokens.get(1)).containsExactly(2, 'c');
    assertThat(Letters.isClosed).isTrue();
  }

  @Test
  void theTokenThatBeginsATextStandsInFront() throws IOException {
    Map<String, StoredObject> plain =
        files("tokenizer.json", "{}", "tokenizer_config.json", "{\"bos_token\": \"<\"}");
    assertThat(tokens(plain, "a").get(0)).containsExactly(2, '<', 'a');
    Map<String, StoredObject> object =
        files(
            "tokenizer.json",
            "{}",
            "tokenizer_config.json",
            "{\"bos_token\": {\"content\": \"<\"}}");
    assertThat(tokens(object, "a").get(0)).containsExactly(2, '<', 'a');
    Map<String, StoredObject> none =
        files("tokenizer.json", "{}", "tokenizer_config.json", "{\"bos_token\": null}");
    assertThat(tokens(none, "a").get(0)).containsExactly(2, 'a');
  }

  @Test
  void aModelWithoutTokenizerSaysHowToMakeOne() {
    assertThatThrownBy(() -> tokens(files(), "a"))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("models/base has no tokenizer.json")
        .hasMessageContaining("save_pretrained('models/base')");
  }

  @Test
  void aLibraryThatIsNotThereIsNamed() {
    LibraryTokens absent = new LibraryTokens(new LocalStore(), "no.such.Library");
    assertThatThrownBy(() -> absent.of(List.of("a prompt"), "base", files("tokenizer.json", "{}")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("the jar of ai.djl.huggingface:tokenizers is not here")
        .hasMessageContaining("STOCKPOT_JARS")
        .hasMessageContaining("a prompt");
  }

  @Test
  void aTokenizerThatTheLibraryCannotReadIsNamed() {
    assertThatThrownBy(() -> tokens(files("tokenizer.json", ""), "a"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(
            "tokenizer.json cannot be used as a tokenizer: expected value at line 1");
  }

  @Test
  void anotherVersionOfTheLibraryIsNamed() {
    LibraryTokens other = new LibraryTokens(new LocalStore(), String.class.getName());
    assertThatThrownBy(() -> other.of(List.of("a"), "base", files("tokenizer.json", "{}")))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("cannot be used (java.lang.NoSuchMethodException");
  }

  @Test
  void aConfigurationThatIsNoJsonIsNamed() {
    assertThatThrownBy(
            () -> tokens(files("tokenizer.json", "{}", "tokenizer_config.json", "{"), "a"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("tokenizer_config.json is not valid JSON");
  }
}
