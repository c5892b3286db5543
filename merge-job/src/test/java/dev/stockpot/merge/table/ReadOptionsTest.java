package dev.stockpot.merge.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.table.Column.Group;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReadOptionsTest {
  @Test
  void headersAreEnoughUnlessMoreIsAskedFor() {
    ReadOptions options = ReadOptions.of(Map.of("path", "a"));

    assertThat(options.models()).containsExactly("a");
    assertThat(options.groups()).containsExactly(Group.HEADER);
  }

  @Test
  void severalModelsAreAList() {
    ReadOptions options = ReadOptions.of(Map.of("paths", "[\"a\", \"s3a://b/c\"]"));

    assertThat(options.models()).containsExactly("a", "s3a://b/c");
  }

  @Test
  void statisticsAndValuesAreGroupsOfTheirOwn() {
    assertThat(ReadOptions.of(Map.of("path", "a", "statistics", "TRUE")).groups())
        .containsExactly(Group.HEADER, Group.STATISTICS);
    assertThat(ReadOptions.of(Map.of("path", "a", "values", "true", "chunk", "7")).chunk())
        .isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "statistics|1|statistics is 1, must be true or false",
        "chunk|7|add option values=true",
        "header|true|knows no option header",
        "paths|a|paths is a, must be a list in JSON"
      })
  void saysWhatIsWrong(String option, String value, String why) {
    assertThatThrownBy(() -> ReadOptions.of(Map.of("path", "a", option, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({"0", "-1", "x", "999999999", "1.5"})
  void chunksHaveBounds(String chunk) {
    assertThatThrownBy(() -> ReadOptions.of(Map.of("path", "a", "values", "true", "chunk", chunk)))
        .hasMessageContaining("chunk is " + chunk);
  }

  @Test
  void statisticsAndValuesExcludeEachOther() {
    assertThatThrownBy(
            () -> ReadOptions.of(Map.of("path", "a", "values", "true", "statistics", "true")))
        .hasMessageContaining("ask for one");
  }
}
