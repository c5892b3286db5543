package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens of two tokenizers are the same by what they stand for, not by how they are written. */
class SharedTokensTest {
  private final MemoryStore store = new MemoryStore();

  private ModelFiles files(String... namesAndTexts) {
    Map<String, StoredObject> files = new LinkedHashMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      Location place =
          new Location("/m/" + store.count(MemoryStore.Request.FIND) + namesAndTexts[i]);
      store.write(place, namesAndTexts[i + 1].getBytes(UTF_8));
      files.put(namesAndTexts[i], store.find(place).orElseThrow());
    }
    return new ModelFiles(store, files);
  }

  private int[] shared(TokenizerTexts one, TokenizerTexts other) throws IOException {
    return SharedTokens.of(one.tokenizer(), files(), other.tokenizer(), files());
  }

  @Test
  void idsAreThoseOfTheOther() throws IOException {
    assertThat(shared(TokenizerTexts.words("a", "b", "c"), TokenizerTexts.words("c", "a")))
        .containsExactly(1, -1, 0);
  }

  @Test
  void wordsBeginWithAnotherLetterElsewhere() throws IOException {
    TokenizerTexts bytes = TokenizerTexts.words("Ġthe", "the", "Ġ", "▁the");
    TokenizerTexts pieces = TokenizerTexts.words("the", "▁the", "▁", "▁x");
    assertThat(shared(bytes, pieces)).containsExactly(1, 0, 2, -1);
    assertThat(shared(pieces, bytes)).containsExactly(1, 0, 2, -1);
  }

  /** As many tokens with either: it is taken for one of bytes. */
  @Test
  void theMoreFrequentLetterIsTheBeginning() {
    assertThat(SharedTokens.beginning(TokenizerTexts.words("▁a", "Ġb", "▁c").tokenizer()))
        .isEqualTo("▁");
    assertThat(SharedTokens.beginning(TokenizerTexts.words("▁a", "Ġb").tokenizer())).isEqualTo("Ġ");
    assertThat(SharedTokens.beginning(TokenizerTexts.words("a").tokenizer())).isEqualTo("Ġ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"special_tokens_map.json", "tokenizer_config.json"})
  void tokensThatSteerAreTheSameByTheirPart(String file) throws IOException {
    TokenizerTexts one = TokenizerTexts.words("x").special("<s>", "</s>", "<|other|>", "[MASK]");
    TokenizerTexts other = TokenizerTexts.words("x").special("<|end|>", "<|begin|>", "<|other|>");
    assertThat(
            SharedTokens.of(
                one.tokenizer(),
                files(
                    file,
                    "{\"bos_token\": \"<s>\", \"eos_token\": {\"content\": \"</s>\"},"
                        + " \"mask_token\": \"[MASK]\"}"),
                other.tokenizer(),
                files(
                    file,
                    "{\"bos_token\": {\"content\": \"<|begin|>\"}, \"eos_token\": \"<|end|>\"}")))
        .as("x, its beginning, its end, by its letters, none")
        .containsExactly(0, 2, 1, 3, -1);
  }

  @Test
  void aTokenThatDoesNotSteerPlaysNoPart() throws IOException {
    TokenizerTexts ordinary = TokenizerTexts.words("<s>", "x");
    TokenizerTexts special = TokenizerTexts.words("x").special("<b>");
    String one = "{\"bos_token\": \"<s>\"}";
    String other = "{\"bos_token\": \"<b>\"}";
    assertThat(
            SharedTokens.of(
                ordinary.tokenizer(),
                files("tokenizer_config.json", one),
                special.tokenizer(),
                files("tokenizer_config.json", other)))
        .containsExactly(-1, 0);
  }

  @Test
  void theFirstFileAndTheFirstPartCount() throws IOException {
    TokenizerTexts one = TokenizerTexts.words("x").special("<e>");
    TokenizerTexts other = TokenizerTexts.words("x").special("<p>", "<q>");
    // <e> ends a text and pads; the map says so before the configuration says otherwise
    ModelFiles both =
        files(
            "tokenizer_config.json",
            "{\"bos_token\": \"<e>\"}",
            "special_tokens_map.json",
            "{\"pad_token\": \"<e>\", \"eos_token\": \"<e>\"}");
    assertThat(
            SharedTokens.of(
                one.tokenizer(),
                both,
                other.tokenizer(),
                files(
                    "special_tokens_map.json", "{\"pad_token\": \"<p>\", \"eos_token\": \"<q>\"}")))
        .containsExactly(0, 2);
  }

  @Test
  void ofSeveralThatPlayOnePartTheFirstIsTaken() throws IOException {
    TokenizerTexts one = TokenizerTexts.words("x").special("<e>");
    TokenizerTexts other = TokenizerTexts.words("x").special("<p>", "<q>");
    assertThat(
            SharedTokens.of(
                one.tokenizer(),
                files("tokenizer_config.json", "{\"eos_token\": \"<e>\"}"),
                other.tokenizer(),
                files(
                    "special_tokens_map.json",
                    "{\"eos_token\": \"<q>\"}",
                    "tokenizer_config.json",
                    "{\"eos_token\": \"<p>\"}")))
        .as("both files name one; the lower id counts")
        .containsExactly(0, 1);
  }
}
