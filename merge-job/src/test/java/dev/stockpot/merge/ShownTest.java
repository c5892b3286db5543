package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShownTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "model.layers.0.weight", "bâle.txt", "模型", "\ud83c\udf72"})
  void whatShowsStaysAsItIs(String text) {
    assertThat(Shown.of(text)).isEqualTo(text);
    assertThat(Shown.lines(text)).isEqualTo(text);
  }

  @Test
  void whatATerminalObeysStandsThereByItsNumber() {
    assertThat(Shown.of("a\u001b[31mb\u0007\u009b\n"))
        .isEqualTo("a\\u001b[31mb\\u0007\\u009b\\u000a");
  }

  @ParameterizedTest
  @CsvSource({
    "202e, right-to-left override",
    "200f, mark",
    "2066, isolate",
    "2028, line",
    "feff, mark"
  })
  void whatTurnsOrBreaksALineStandsThereByItsNumber(String number, String what) {
    String letter = Character.toString(Integer.parseInt(number, 16));

    assertThat(Shown.of("a" + letter + "b")).as(what).isEqualTo("a\\u" + number + "b");
  }

  @Test
  void halvesOfCharactersStandThereByTheirNumbers() {
    assertThat(Shown.of("a\ud800b")).isEqualTo("a\\ud800b");
    assertThat(Shown.of("\udb40\udc41")).as("a tag").isEqualTo("\\udb40\\udc41");
  }

  @Test
  void linesAndTabsStayWhereThereMayBeSeveral() {
    assertThat(Shown.lines("a\n\tb\u202e\u001b\n")).isEqualTo("a\n\tb\\u202e\\u001b\n");
  }

  @Test
  void namesWithoutEndAreCut() {
    assertThat(Shown.of("w".repeat(1000), 4)).isEqualTo("wwww…");
    assertThat(Shown.of("wwww", 4)).isEqualTo("wwww");
    assertThat(Shown.quoted("x".repeat(10_000_000))).isEqualTo("'" + "x".repeat(120) + "…'");
    assertThat(Shown.quoted("it\n")).isEqualTo("'it\\u000a'");
  }
}
