package dev.stockpot.merge.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergeConfTest {
  @AfterEach
  void nothingStays() {
    System.clearProperty(MergeConf.EXECUTOR_OPTIONS);
    System.clearProperty(MergeConf.PLUGINS);
  }

  @Test
  void whatTheUserConfiguredStays() {
    System.setProperty(MergeConf.EXECUTOR_OPTIONS, "-Xlog:gc");
    System.setProperty(MergeConf.PLUGINS, "com.example.Plugin");

    SparkConf conf = MergeConf.of(2);

    assertThat(conf.get(MergeConf.EXECUTOR_OPTIONS)).isEqualTo("-Xlog:gc " + MergeConf.COMPILATION);
    assertThat(conf.get(MergeConf.PLUGINS))
        .isEqualTo("com.example.Plugin," + MetricsPlugin.class.getName());
  }

  @Test
  void executorsSpellNamesAsTheLauncherDoes() {
    assertThat(MergeConf.of(2).get("spark.executorEnv.LC_ALL")).isEqualTo("C.UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"LC_ALL", "LC_CTYPE", "LANG"})
  void aLanguageThatTheUserGaveExecutorsStays(String variable) {
    System.setProperty("spark.executorEnv." + variable, "de_DE.UTF-8");
    try {
      SparkConf conf = MergeConf.of(2);
      assertThat(conf.get("spark.executorEnv." + variable)).isEqualTo("de_DE.UTF-8");
      assertThat(conf.getAllWithPrefix("spark.executorEnv.")).hasSize(1);
    } finally {
      System.clearProperty("spark.executorEnv." + variable);
    }
  }

  /** It would load a web server that nothing starts. */
  @Test
  void whereSparkHasNoPagesNoneIsMadeForMetrics() {
    SparkConf conf = MergeConf.of(2);
    assertThat(conf.get("spark.ui.enabled")).isEqualTo("false");
    assertThat(conf.get("spark.metrics.conf.driver.sink.servlet.class"))
        .isEqualTo(NoMetricsPage.class.getName());
    assertThat(new NoMetricsPage(new Properties(), new MetricRegistry()).getHandlers(conf))
        .isEmpty();
  }

  @Test
  void aClusterShowsItsMetrics() {
    System.setProperty("spark.master", "yarn");
    try {
      assertThat(MergeConf.of(2).contains("spark.metrics.conf.driver.sink.servlet.class"))
          .isFalse();
    } finally {
      System.clearProperty("spark.master");
    }
  }

  @Test
  void executorsCompileAsTheLauncherDoes() throws IOException {
    assertThat(Files.readAllLines(Path.of("src/main/launcher/java-options")))
        .containsAll(List.of(MergeConf.COMPILATION.split(" ")));
  }
}
