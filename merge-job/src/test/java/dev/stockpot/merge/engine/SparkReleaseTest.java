package dev.stockpot.merge.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.UserException;
import org.apache.spark.SparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Old releases of Spark are named, and new ones are taken. */
class SparkReleaseTest {
  @ParameterizedTest
  @ValueSource(strings = {"3.5.1", "4.0.0", "2.4.8-amzn-0", "4.0.1.1-vendor"})
  void refusesAnOldReleaseByItsName(String version) {
    assertThatThrownBy(() -> SparkRelease.requireNewEnough(version))
        .isInstanceOf(UserException.class)
        .hasMessage(
            "This is Spark %s; Stockpot needs Spark 4.1 or later. Submit to a newer cluster, or merge without one: ./stockpot merge",
            version);
  }

  @ParameterizedTest
  @ValueSource(strings = {"4.1.0", "4.2.0", "5.0.0-preview1", "ours"})
  void takesANewOne(String version) {
    assertThatCode(() -> SparkRelease.requireNewEnough(version)).doesNotThrowAnyException();
  }

  @Test
  void findsTheReleaseWithoutLoadingSpark() {
    assertThat(SparkRelease.onClassPath(SparkContext.class.getClassLoader()))
        .hasValue(org.apache.spark.package$.MODULE$.SPARK_VERSION());
    assertThat(SparkRelease.onClassPath(ClassLoader.getPlatformClassLoader())).isEmpty();
  }
}
