package dev.stockpot.merge.vocabulary;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.FailureKind;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens are read as loaders number them, and files are changed no more than is asked for. */
class TokenizerFileTest {
  private static final String MEND =
      ". Load it with transformers and save it again, which numbers them, or mend the file";

  private static TokenizerFile parse(String text) {
    return TokenizerFile.parse("m/tokenizer.json", text.getBytes(UTF_8));
  }

  private static void assertRefused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(TokenizerException.class)
        .hasMessage("m/tokenizer.json: " + message)
        .extracting(failure -> ((TokenizerException) failure).kind())
        .isEqualTo(FailureKind.MODEL);
  }

  private static String model(String model) {
    return "{\"version\": \"1.0\", \"added_tokens\": [], \"model\": %s}".formatted(model);
  }

  @Test
  void tokensHaveTheirIdsAndAddedOnesFollow() {
    TokenizerFile.Tokens tokens =
        TokenizerTexts.words("<s>", "the", "cat")
            .special("<s>", "<|a|>")
            .plain("<|b|>")
            .file()
            .tokens();
    assertThat(tokens.all()).containsExactly("<s>", "the", "cat", "<|a|>", "<|b|>");
    assertThat(tokens.pieces()).isEqualTo(3);
    assertThat(tokens.added().keySet()).containsExactly("<s>", "<|a|>", "<|b|>");
    assertThat(tokens.added().get("<|a|>").special()).isTrue();
    assertThat(tokens.added().get("<|b|>")).isEqualTo(AddedToken.plain("<|b|>"));
    assertThat(tokens.kind()).isEqualTo(ModelKind.WORD_LEVEL);
  }

  @Test
  void idsNeedNotBeInOrder() {
    assertThat(parse(model("{\"type\": \"BPE\", \"vocab\": {\"b\": 1, \"a\": 0}}")).tokens().all())
        .containsExactly("a", "b");
  }

  @Test
  void aListOfScoresIsNumberedByItsPlaces() {
    TokenizerFile.Tokens tokens =
        TokenizerTexts.words("<unk>", "▁a").type("Unigram").file().tokens();
    assertThat(tokens.all()).containsExactly("<unk>", "▁a");
    assertThat(tokens.kind()).isEqualTo(ModelKind.UNIGRAM);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "{\"vocab\": {\"a\": 0}, \"merges\": []} | BPE",
        "{\"vocab\": [[\"a\", 0]]} | UNIGRAM",
        "{\"vocab\": {\"a\": 0}} | WORD_LEVEL"
      })
  void aModelThatDoesNotSayItsKindIsTakenForThatOfItsShape(String model, ModelKind kind) {
    assertThat(parse(model(model)).tokens().kind()).isEqualTo(kind);
  }

  @Test
  void anUnknownKindIsRefusedByItsName() {
    assertRefused(
        model("{\"type\": \"Tekken\", \"vocab\": {\"a\": 0}}"),
        "its model is Tekken, and only those of BPE, Unigram, WordPiece, WordLevel can be read."
            + " Leave out tokenizer and tokenizer_source if all models have one tokenizer");
    assertRefused(
        model("{\"type\": \"Bytes\"}"),
        "its model Bytes has no vocabulary that could be read; known are BPE, Unigram, WordPiece,"
            + " WordLevel");
  }

  @Test
  void gapsAreRefused() {
    assertRefused(
        model("{\"type\": \"WordLevel\", \"vocab\": {\"x\": 0, \"y\": 3}}"),
        "its vocabulary has 2 tokens, and 'y' is number 3, so that numbers are left out" + MEND);
  }

  @Test
  void oneIdForTwoIsRefusedAndOneTokenWithTwo() {
    assertRefused(
        model("{\"type\": \"WordLevel\", \"vocab\": {\"x\": 0, \"y\": 0}}"),
        "'x' and 'y' are both number 0" + MEND);
    assertRefused(
        model("{\"type\": \"WordLevel\", \"vocab\": {\"x\": 0, \"x\": 1}}"),
        "its vocabulary has 'x' twice, as 0 and 1" + MEND);
    assertRefused(
        model("{\"type\": \"Unigram\", \"vocab\": [[\"x\", 0], [\"x\", -1]]}"),
        "its vocabulary has 'x' twice, as 0 and 1" + MEND);
  }

  @Test
  void anAddedTokenThatLoadersNumberOtherwiseIsRefused() {
    String text = TokenizerTexts.words("a", "b").special("<|c|>").json();
    assertRefused(
        text.replace("\"id\": 2", "\"id\": 60"),
        "its added token '<|c|>' says that its id is 60, and loaders give it 2" + MEND);
    assertRefused(
        TokenizerTexts.words("a", "b").special("b").json().replace("\"id\": 1", "\"id\": 2"),
        "its added token 'b' says that its id is 2, and loaders give it 1" + MEND);
    assertRefused(
        TokenizerTexts.words("a").special("b", "b").json(),
        "its added_tokens have 'b' twice" + MEND);
  }

  @Test
  void anAddedTokenWithoutAFlagIsRefused() {
    String text = TokenizerTexts.words("a", "b").special("<|c|>").json();
    assertRefused(
        text.replace("\"lstrip\": false, ", ""),
        "it is no tokenizer: one of its added_tokens lacks its id, its content or a flag: <|c|>."
            + " Fetch it again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '§',
      value = {
        "[] | it is no object",
        "{\"version\": \"2.0\"} | its version is not 1.0, the only one there is",
        "{\"added_tokens\": {}} | its added_tokens are no list",
        "{\"added_tokens\": [3]} | one of its added_tokens is no object",
        "{\"model\": []} | its model is no object",
        "{\"model\": {\"vocab\": 3}} | its vocabulary is neither an object nor a list",
        "{\"model\": {\"vocab\": {\"a\": -1}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": {\"a\": 1e3}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": {\"a\": 4294967296}}} | its token 'a' has no whole number as its id",
        "{\"model\": {\"vocab\": [[\"a\", 1], 3]}} | entry 1 of its vocabulary is no pair of a token and a score",
        "{\"model\": {\"vocab\": [[\"a\", 1, 2]]}} | entry 0 of its vocabulary is no pair of a token and a score",
        "{\"model\": {\"merges\": {}}} | its merges are no list",
        "{\"model\": {\"merges\": [\"abc\"]}} | its merge 'abc' is no pair",
        "{\"model\": {\"merges\": [[\"a\"]]}} | one of its merges is no pair",
        "{\"model\": {\"merges\": [[\"a\", \"b\", \"c\"]]}} | one of its merges is no pair"
      })
  void whatIsNoTokenizerIsRefused(String text, String why) {
    assertRefused(text, "it is no tokenizer: %s. Fetch it again".formatted(why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "{", "{\"version\": \"1.0\", \"model\": {\"vocab\": {\"a\": 0", "\u0000"})
  void aFileThatEndsTooSoonIsRefused(String text) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOf(TokenizerException.class)
        .hasMessageStartingWith("m/tokenizer.json: ");
  }

  @Test
  void whatDoesNotChangeIsTheSameFile() {
    TokenizerFile file = TokenizerTexts.words("a", "b").special("<|c|>").file();
    assertThat(file.changed(3, List.of())).isSameAs(file.text());
  }

  @Test
  void appendedTokensFollowAndAllElseStaysLetterByLetter() throws Exception {
    TokenizerFile file = TokenizerTexts.words("a", "b").special("<|c|>").file();
    String before = new String(file.text(), UTF_8);
    String after = new String(file.changed(3, List.of(AddedToken.plain("\"λ\n"))), UTF_8);
    assertThat(after).contains("\"odd\": 1.50", "\"last\": \"λ\"");
    int end = before.indexOf("],");
    assertThat(after).endsWith(before.substring(end));
    TokenizerFile again = parse(after);
    assertThat(again.tokens().all()).containsExactly("a", "b", "<|c|>", "\"λ\n");
    assertThat(again.tokens().added().get("\"λ\n")).isEqualTo(AddedToken.plain("\"λ\n"));
  }

  @Test
  void aFileWithoutAddedTokensGetsThem() {
    TokenizerFile file =
        parse(
            " {\"version\": \"1.0\", \"model\": {\"type\": \"WordPiece\", \"vocab\": {\"a\": 0}}}");
    TokenizerFile after = TokenizerFile.parse("m", file.changed(1, List.of(AddedToken.plain("x"))));
    assertThat(after.tokens().all()).containsExactly("a", "x");
  }

  @Test
  void tokensAreStrippedWithEveryMergeThatNeedsThem() {
    TokenizerFile file =
        TokenizerTexts.words("a", "b", "c", "ab", "bc", "abc")
            .special("<|x|>")
            .merges("a b", "b c", "ab c", "a bc")
            .file();
    String after = new String(file.changed(4, List.of(AddedToken.plain("bc"))), UTF_8);
    TokenizerFile again = parse(after);
    assertThat(again.tokens().all()).containsExactly("a", "b", "c", "ab", "bc");
    assertThat(after).contains("\"a b\"").doesNotContain("b c", "ab c", "a bc", "<|x|>");
  }

  @Test
  void aPrefixIsLeftOutWhereTwoPiecesAreJoined() {
    String text =
        model(
            "{\"type\": \"BPE\", \"continuing_subword_prefix\": \"##\", \"vocab\": {\"a\": 0, \"##b\": 1, \"ab\": 2}, \"merges\": [[\"a\", \"##b\"]]}");
    assertThat(new String(parse(text).changed(3, List.of()), UTF_8)).contains("##b\"]");
    assertThat(new String(parse(text).changed(2, List.of()), UTF_8)).doesNotContain("##b\"]");
  }

  @Test
  void theEndOfAListOfScoresCanBeStripped() {
    TokenizerFile file = TokenizerTexts.words("<unk>", "a", "b").type("Unigram").file();
    String after = new String(file.changed(2, List.of()), UTF_8);
    assertThat(after).contains("-1.50").doesNotContain("-2.50");
    assertThat(parse(after).tokens().all()).containsExactly("<unk>", "a");
  }

  @ParameterizedTest
  @CsvSource({
    "BPE, Ġhello, true",
    "BPE, hello, false",
    "UNIGRAM, ▁the, true",
    "WORD_PIECE, ##ing, true",
    "WORD_PIECE, the, false",
    "WORD_LEVEL, Ġ, false"
  })
  void piecesWithSignsOfTheirOwnAreInNoText(ModelKind kind, String piece, boolean never) {
    assertThat(kind.neverMatches(piece)).isEqualTo(never);
  }
}
