package dev.stockpot.merge.compare;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.JsonException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTableTest {
  private static Optional<TokenTable> read(String file, String text) throws JsonException {
    return TokenTable.of(file, text.getBytes(UTF_8));
  }

  private static TokenTable tokenizer(String text) throws JsonException {
    return read("tokenizer.json", text).orElseThrow();
  }

  @Test
  void readsWhatWasLearntAndWhatWasAdded() throws JsonException {
    TokenTable table =
        tokenizer(
            """
            {"version": "1.0", "truncation": {"max": [1, 2]},
             "added_tokens": [{"id": 2, "content": "<s>", "special": true, "more": {"a": [1]}}],
             "model": {"type": "BPE", "dropout": null, "vocab": {"a": 0, "b": 1}, "merges": [["a", "b"]]}}
            """);
    assertThat(table.tokens()).isEqualTo(Map.of(0L, "a", 1L, "b", 2L, "<s>"));
    assertThat(table.added()).isEqualTo(Set.of(2L));
  }

  @Test
  void letsAnAddedTokenStandForOneThatWasLearnt() throws JsonException {
    TokenTable table =
        tokenizer(
            """
            {"added_tokens": [{"content": "<pad>", "id": 0}], "model": {"vocab": {"[unused0]": 0, "b": 1}}}
            """);
    assertThat(table.tokens()).isEqualTo(Map.of(0L, "<pad>", 1L, "b"));
  }

  @Test
  void countsTheTokensOfUnigram() throws JsonException {
    TokenTable table =
        tokenizer(
            """
            {"model": {"type": "Unigram", "vocab": [["<unk>", 0.0], ["▁the", -3.5], ["s", -4]]}}
            """);
    assertThat(table.tokens()).isEqualTo(Map.of(0L, "<unk>", 1L, "▁the", 2L, "s"));
  }

  @Test
  void endsWhereAPairOfUnigramIsNone() throws JsonException {
    TokenTable table =
        tokenizer(
            "{\"model\": {\"vocab\": [[\"<unk>\"], 7, {\"x\": []}, [[\"b\"], 1], [\"s\", -4,"
                + " 2]]}}");

    assertThat(table.tokens()).isEqualTo(Map.of(0L, "<unk>", 4L, "s"));
  }

  @Test
  void readsAVocabularyByItself() throws JsonException {
    assertThat(read("vocab.json", "{\"a\": 1, \"b\": 0}").orElseThrow().tokens())
        .isEqualTo(Map.of(1L, "a", 0L, "b"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[PAD]\nthe\n", "[PAD]\r\nthe\r\n", "[PAD]\nthe"})
  void countsLines(String text) throws JsonException {
    assertThat(read("vocab.txt", text).orElseThrow().tokens())
        .isEqualTo(Map.of(0L, "[PAD]", 1L, "the"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "3",
        "{\"model\": []}",
        "{\"model\": null}",
        "{\"model\": {\"vocab\": null}}",
        "{\"model\": {\"vocab\": {}}, \"added_tokens\": null}",
        "{\"model\": {\"vocab\": {\"a\": \"x\"}}}",
        "{\"added_tokens\": {}}"
      })
  void knowsNothingOfAFileThatNamesNoTokens(String text) throws JsonException {
    assertThat(read("tokenizer.json", text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{\"model\": {\"vocab\": {\"a\": 1", "not json"})
  void throwsForWhatIsNoJson(String text) {
    assertThatThrownBy(() -> read("tokenizer.json", text)).isInstanceOf(JsonException.class);
  }

  @Test
  void tellsRoomForMoreFromWords() throws JsonException {
    TokenTable table =
        tokenizer(
            """
            {"added_tokens": [{"id": 3, "content": "<|tool|>"}],
             "model": {"vocab": {"[unused12]": 0, "<|reserved_special_token_5|>": 1, "word": 2, "<|tool|>": 3}}}
            """);
    assertThat(table.isSpare(0)).isTrue();
    assertThat(table.isSpare(1)).isTrue();
    assertThat(table.isSpare(2)).isFalse();
    assertThat(table.isSpare(3)).isTrue();
    assertThat(table.isSpare(4)).isTrue();
  }
}
