package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tokens of one tokenizer in those of another. */
class TokenPiecesTest {
  private static String vocabulary(String... tokens) {
    List<String> entries = new ArrayList<>();
    for (int id = 0; id < tokens.length; id++) {
      entries.add("\"%s\": %s".formatted(tokens[id], id));
    }
    return String.join(", ", entries);
  }

  private static Tokenizer parsed(String added, String model) {
    String file =
        "{\"version\": \"1.0\", \"added_tokens\": [%s], \"model\": {%s}}".formatted(added, model);
    return new Tokenizer(TokenizerFile.parse("t/tokenizer.json", file.getBytes(UTF_8)));
  }

  private static Tokenizer bpe(String... tokens) {
    return parsed(
        "", "\"type\": \"BPE\", \"merges\": [], \"vocab\": {%s}".formatted(vocabulary(tokens)));
  }

  /** With merges in the order of their ranks. */
  private static Tokenizer merging(String merges, String... tokens) {
    return parsed(
        "", "\"type\": \"BPE\", %s, \"vocab\": {%s}".formatted(merges, vocabulary(tokens)));
  }

  private static Tokenizer wordPiece(String... tokens) {
    return parsed(
        "",
        "\"type\": \"WordPiece\", \"unk_token\": \"a\", \"continuing_subword_prefix\": \"##\","
            + " \"max_input_chars_per_word\": 100, \"vocab\": {%s}".formatted(vocabulary(tokens)));
  }

  private static List<List<Integer>> pieces(Tokenizer one, Tokenizer other) {
    return Arrays.stream(TokenPieces.of(one, other))
        .map(ids -> Arrays.stream(ids).boxed().toList())
        .toList();
  }

  @Test
  void theLongestPieceComesFirst() {
    assertThat(pieces(bpe("abcab", "ab", "cc"), bpe("a", "b", "c", "ab", "abc")))
        .containsExactly(List.of(4, 3), List.of(3), List.of(2, 2));
  }

  @Test
  void mergesComeByTheirRanksAndNotByLength() {
    String[] tokens = {"a", "b", "c", "ab", "bc", "abc"};
    Tokenizer merging = merging("\"merges\": [\"b c\", \"a b\", \"ab c\"]", tokens);
    assertThat(pieces(bpe("abc", "abab", "cab", "bcbc"), merging))
        .containsExactly(List.of(0, 4), List.of(3, 3), List.of(2, 3), List.of(4, 4));
    Tokenizer other = merging("\"merges\": [[\"a\", \"b\"], [\"ab\", \"c\"]]", tokens);
    assertThat(pieces(bpe("abc", "bcabc"), other)).containsExactly(List.of(5), List.of(1, 2, 5));
  }

  /** As tokenizers do: of "aaa" the first two letters are one. */
  @Test
  void ofEqualRanksTheFirstFromTheLeftIsMerged() {
    assertThat(pieces(bpe("aaa", "aaaa"), merging("\"merges\": [\"a a\"]", "a", "aa")))
        .containsExactly(List.of(1, 0), List.of(1, 1));
  }

  @Test
  void mergesSeeTheLetterThatBeginsAWord() {
    Tokenizer merging =
        merging("\"merges\": [\"\u0120 a\", \"a b\"]", "\u0120", "a", "b", "\u0120a", "ab");
    assertThat(pieces(bpe("\u2581ab", "ab"), merging)).containsExactly(List.of(3, 2), List.of(4));
  }

  @Test
  void mergesInsideWordsHaveThePrefixOnce() {
    Tokenizer merging =
        merging(
            "\"continuing_subword_prefix\": \"##\", \"merges\": [\"a ##b\", \"##b ##c\"]",
            "a",
            "##a",
            "##b",
            "##c",
            "ab",
            "##bc");
    assertThat(pieces(wordPiece("abc", "##abc"), merging))
        .containsExactly(List.of(4, 3), List.of(1, 5));
  }

  @Test
  void lettersThatNoMergeKnowsArePassedOver() {
    assertThat(
            pieces(bpe("ab?", "\ud83d\ude00a"), merging("\"merges\": [\"a b\"]", "a", "b", "ab")))
        .containsExactly(List.of(2), List.of(0));
  }

  @Test
  void wordsBeginWithTheLetterOfEach() {
    assertThat(pieces(bpe("\u0120ab", "ab", "\u0120x"), bpe("\u2581", "\u2581a", "a", "b")))
        .containsExactly(List.of(1, 3), List.of(2, 3), List.of(0));
  }

  @Test
  void piecesInsideWordsHaveTheirPrefix() {
    assertThat(pieces(bpe("\u0120ab", "ab"), wordPiece("a", "##b", "##a", "ab")))
        .containsExactly(List.of(3), List.of(2, 1));
    assertThat(pieces(wordPiece("a", "ab", "##ab"), bpe("\u0120a", "a", "b")))
        .containsExactly(List.of(0), List.of(0, 2), List.of(1, 2));
  }

  @Test
  void unknownLettersArePassedOver() {
    assertThat(pieces(bpe("a?b", "??"), bpe("a", "b"))).containsExactly(List.of(0, 1), List.of());
  }

  @Test
  void tokensThatSteerHaveNoText() {
    Tokenizer steering =
        parsed(
            "{\"id\": 1, \"content\": \"ab\", \"single_word\": false, \"lstrip\": false,"
                + " \"rstrip\": false, \"normalized\": false, \"special\": true}",
            "\"type\": \"BPE\", \"merges\": [], \"vocab\": {\"a\": 0}");
    assertThat(pieces(steering, bpe("a", "b"))).containsExactly(List.of(0), List.of());
  }
}
