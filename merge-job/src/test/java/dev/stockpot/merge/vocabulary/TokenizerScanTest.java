package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import dev.stockpot.merge.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tokenizer's file is told from front to back, with the place of each entry. */
class TokenizerScanTest {

  /** Writes down what it is told, with the letters of each place. */
  private static final class Heard implements TokenizerScan.Listener {
    private final byte[] text;
    private final List<String> said = new ArrayList<>();

    Heard(byte[] text) {
      this.text = text;
    }

    private String letters(TokenizerScan.Extent at) {
      return new String(text, at.begin(), at.end() - at.begin(), UTF_8);
    }

    @Override
    public void model(String name, JsonValue value) {
      said.add("%s is %s".formatted(name, value.text().orElse("passed over")));
    }

    @Override
    public void vocabulary(boolean isList) {
      said.add(isList ? "a list" : "an object");
    }

    @Override
    public void added(JsonObject token, TokenizerScan.Extent at) {
      said.add("added %s at %s".formatted(token.text("content"), letters(at)));
    }

    @Override
    public void piece(String token, long id, TokenizerScan.Extent at) {
      said.add("piece %s %s at %s".formatted(id, token, letters(at)));
    }

    @Override
    public void merge(String left, String right, TokenizerScan.Extent at) {
      said.add("merge %s+%s at %s".formatted(left, right, letters(at)));
    }

    @Override
    public void end(TokenizerScan.Part part, TokenizerScan.Extent at) {
      said.add("end of %s at %s".formatted(part, letters(at)));
    }
  }

  private static List<String> scan(String json) throws JsonException {
    byte[] text = json.getBytes(UTF_8);
    Heard heard = new Heard(text);
    TokenizerScan.of(text, heard);
    return heard.said;
  }

  @Test
  void tellsTokensAndMergesWithTheirPlaces() throws JsonException {
    assertThat(
            scan(
                """
                {"version": "1.0", "truncation": {"a": [1, {"b": 2}]},
                 "added_tokens": [ {"content": "<s>", "id": 2} ],
                 "model": {"type": "BPE", "dropout": null, "vocab": {"a": 0, "é": 1},
                           "merges": ["a é", ["a", "a b"]]}}
                """))
        .containsExactly(
            "added <s> at {\"content\": \"<s>\", \"id\": 2}",
            "end of ADDED at [ {\"content\": \"<s>\", \"id\": 2} ]",
            "type is BPE",
            "dropout is passed over",
            "an object",
            "piece 0 a at \"a\": 0",
            "piece 1 é at \"é\": 1",
            "end of VOCABULARY at {\"a\": 0, \"é\": 1}",
            "merge a+é at \"a é\"",
            "merge a+a b at [\"a\", \"a b\"]",
            "end of MERGES at [\"a é\", [\"a\", \"a b\"]]");
  }

  @Test
  void aListOfScoresIsNumberedByItsPlaces() throws JsonException {
    assertThat(scan("{\"model\": {\"vocab\": [[\"a\", -1.5], [\"b\", 0]]}}"))
        .containsExactly(
            "a list",
            "piece 0 a at [\"a\", -1.5]",
            "piece 1 b at [\"b\", 0]",
            "end of VOCABULARY at [[\"a\", -1.5], [\"b\", 0]]");
  }

  @Test
  void lettersThatAreEscapedAreThoseThatTheyStandFor() throws JsonException {
    assertThat(scan("{\"model\": {\"vocab\": {\"\\u0120a\\n\\\"\": 7}}}"))
        .contains("piece 7 Ġa\n\" at \"\\u0120a\\n\\\"\": 7");
  }

  @Test
  void emptyListsAreTold() throws JsonException {
    assertThat(scan("{\"added_tokens\": [], \"model\": {\"vocab\": {}, \"merges\": []}}"))
        .containsExactly(
            "end of ADDED at []", "an object", "end of VOCABULARY at {}", "end of MERGES at []");
    assertThat(scan("{}")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[] | it is no object",
        "{\"version\": \"2.0\"} | its version is not 1.0, the only one there is",
        "{\"version\": 1} | its version is not 1.0, the only one there is",
        "{\"added_tokens\": {}} | its added_tokens are no list",
        "{\"added_tokens\": [7]} | one of its added_tokens is no object",
        "{\"model\": []} | its model is no object",
        "{\"model\": {\"vocab\": 7}} | its vocabulary is neither an object nor a list",
        "{\"model\": {\"vocab\": {\"a\": \"0\"}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": {\"a\": 0.5}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": {\"a\": -1}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": {\"a\": 3000000000}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": [[\"a\"]]}} | ",
        "{\"model\": {\"vocab\": [[7, 1]]}} | entry 0 of its vocabulary is no pair of a token and a score",
        "{\"model\": {\"vocab\": [\"a\"]}} | entry 0 of its vocabulary is no pair of a token and a score",
        "{\"model\": {\"vocab\": [[\"a\", 1], [\"b\", 1, 2]]}} | entry 1 of its vocabulary is no pair",
        "{\"model\": {\"merges\": {}}} | its merges are no list",
        "{\"model\": {\"merges\": [\"a\"]}} | its merge 'a' is no pair",
        "{\"model\": {\"merges\": [\"a b c\"]}} | its merge 'a b c' is no pair",
        "{\"model\": {\"merges\": [[\"a\"]]}} | one of its merges is no pair",
        "{\"model\": {\"merges\": [[\"a\", \"b\", \"c\"]]}} | one of its merges is no pair",
        "{\"model\": {\"merges\": [7]}} | one of its merges is no pair"
      })
  void whatIsNoTokenizerIsRefusedInWords(String json, String why) {
    assertThatThrownBy(() -> scan(json))
        .isInstanceOf(JsonException.class)
        .hasMessageContaining(why == null ? "" : why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\": {\"vocab\": {\"a\": 0 |",
        "{\"model\": {\"vocab\": {\"a\" |",
        "{\"added_tokens\": [{\"content\" |",
        "{\"model\": {\"merges\": [\"a b\" |",
        "{\"model\": {\"vocab\": [[\"a\", |"
      })
  void aFileThatEndsTooSoonIsNoJson(String json) {
    assertThatThrownBy(() -> scan(json)).isInstanceOf(JsonException.class);
  }
}
