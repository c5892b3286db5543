package dev.stockpot.merge.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The page of settings in the docs is made from {@code reference.conf}, and must stay so. */
class SettingsPageTest {
  private static final Path PAGE = Path.of("../docs/settings.md");
  private static final Path GENERATED = Path.of("target/settings.md");
  private static final String HEAD =
      """
      # Settings

      <!-- Made from merge-job/src/main/resources/reference.conf by SettingsPageTest: change that file. -->

      %s

      The first that sets a key counts: `--set key=value` and options such as `--seed`; `-Dstockpot.key=value`;
      `--conf spark.stockpot.key=value` under `spark-submit`; a file given by `--settings`, with the keys between
      `stockpot {` and `}`; the default below. Keys that do not exist are refused. [`conf/profiles`](../conf/profiles)
      has settings to copy.

      | key | default | unit | meaning |
      | --- | --- | --- | --- |
      """;

  @Test
  void saysWhatTheReferenceSays() throws IOException {
    String expected = page();
    Files.createDirectories(GENERATED.getParent());
    Files.writeString(GENERATED, expected);
    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as("docs/settings.md is stale: cp merge-job/target/settings.md docs/settings.md")
        .isEqualTo(expected);
  }

  @Test
  void everyKeyOfTheReferenceHasAComment() throws IOException {
    assertThat(page().lines().filter(line -> line.startsWith("| `")))
        .isNotEmpty()
        .allMatch(line -> line.matches("\\| `[a-z0-9.-]+` \\| `[^|]+` \\| [^|]+ \\| \\S.* \\|"));
  }

  private static String page() throws IOException {
    ConfigObject reference;
    try (InputStream file = Settings.class.getResourceAsStream("/reference.conf")) {
      reference = ConfigFactory.parseString(new String(file.readAllBytes(), UTF_8)).root();
    }
    ConfigValue settings = reference.get("stockpot");
    StringBuilder page = new StringBuilder(HEAD.formatted(String.join("\n", lines(settings))));
    addRows("", (ConfigObject) settings, page);
    return page.toString();
  }

  private static void addRows(String prefix, ConfigObject settings, StringBuilder page) {
    settings.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .forEach(entry -> addRow(prefix, entry, page));
  }

  private static void addRow(
      String prefix, Map.Entry<String, ConfigValue> entry, StringBuilder page) {
    ConfigValue value = entry.getValue();
    String key = prefix + entry.getKey();
    if (value instanceof ConfigObject group && !group.isEmpty()) {
      addRows(key + ".", group, page);
      return;
    }
    page.append(
        "| `%s` | `%s` | %s | %s |\n".formatted(key, shown(value), unit(value), comment(value)));
  }

  private static String shown(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING && !value.unwrapped().equals("")
        ? (String) value.unwrapped()
        : value.render(ConfigRenderOptions.concise());
  }

  private static String unit(ConfigValue value) {
    if (value.valueType() == ConfigValueType.BOOLEAN) {
      return "true, false";
    }
    if (value.valueType() == ConfigValueType.NUMBER) {
      return "number";
    }
    String text = value.unwrapped().toString().toLowerCase(Locale.ROOT);
    if (text.matches("[0-9.]+ *([kmgt]i?)?b")) {
      return "bytes";
    }
    return text.matches("[0-9.]+ *(ns|us|ms|s|m|h|d|[a-z]*seconds?|minutes?|hours?|days?)")
        ? "time"
        : "text";
  }

  private static String comment(ConfigValue value) {
    return String.join(" ", lines(value)).replace("|", "\\|");
  }

  private static List<String> lines(ConfigValue value) {
    return value.origin().comments().stream().map(String::strip).toList();
  }
}
