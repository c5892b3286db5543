package dev.stockpot.merge.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which settings there are, and on which the output's bytes hang. */
class SettingTest {
  private static ConfigValue reference() {
    return ConfigFactory.parseResources("reference.conf").root().get("stockpot");
  }

  private static List<String> keysThat(boolean changeBytes) {
    Settings settings = Settings.load(Map.of(), Optional.empty());
    return Arrays.stream(Setting.values())
        .filter(setting -> setting.whereBytesHangOnIt(settings).isPresent() == changeBytes)
        .map(Setting::key)
        .toList();
  }

  @Test
  void areThoseOfTheReference() {
    assertThat(((ConfigObject) reference()).keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(Setting.values()).map(Setting::key).toList());
  }

  @Test
  void theReferenceSaysWhichChangeBytes() {
    String comment = String.join(" ", reference().origin().comments());

    assertThat(comment).contains("None of them changes a byte of the output, but for ");
    assertThat(keysThat(true)).allMatch(key -> comment.contains(key));
    assertThat(keysThat(false)).noneMatch(key -> comment.contains(key));
  }

  @Test
  void aResumedMergeComparesThoseThatChangeBytes() {
    Map<String, String> overrides =
        Map.of("seed", "7", "rounding", "stochastic", "missing-tensors", "copy", "tasks", "3");

    assertThat(Settings.load(overrides, Optional.empty()).bytesHangOn())
        .containsOnly(
            Map.entry("shard-size", "5000000000"),
            Map.entry("seed", "7"),
            Map.entry("rounding", "STOCHASTIC"),
            Map.entry("missing-tensors", "copy"));
  }

  @ParameterizedTest
  @EnumSource
  void everyProviderIsChosenByItsWord(Provider provider) {
    assertThat(Settings.load(Map.of("provider", provider.word()), Optional.empty()).provider())
        .isEqualTo(provider);
  }
}
