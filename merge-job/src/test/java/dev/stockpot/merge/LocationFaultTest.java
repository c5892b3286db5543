package dev.stockpot.merge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocationFaultTest {
  private static String fault(String typed) {
    return LocationFault.of(typed).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "models/a",
        "/models/a",
        "./a:b",
        "C:/models/a",
        "a b/größe",
        "org/name@v2",
        "hf://org/name@v2",
        "file:/models/a",
        "file:///models/a",
        "s3a://bucket",
        "s3a://my.bucket-2/a b/c",
        "S3A://bucket/key",
        "hdfs:///models",
        "hdfs://node:8020/models",
        "abfs://container@account.dfs.core.windows.net/models",
        "viewfs://cluster/models",
        "stage:name",
        "runs/*/checkpoint-[12]"
      })
  void whatMayBeOneIsNone(String typed) {
    assertThat(LocationFault.of(typed)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "\t\n"})
  void whatIsEmptyMayBeAVariableThatIsNotSet(String typed) {
    assertThat(fault(typed)).isEqualTo("a location is empty; is a variable in it not set?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3a:", "s3a:/", "s3a://", "s3a:///", "hdfs://", "file://"})
  void aSchemeAloneIsNoFolder(String typed) {
    assertThat(fault(typed))
        .isEqualTo(typed + " names nothing but a scheme; is a variable behind it not set?");
  }

  @Test
  void aBucketMustBeNamed() {
    assertThat(fault("s3a:///x")).isEqualTo("s3a:///x names no bucket; write s3a://bucket/key");
  }

  @ParameterizedTest
  @CsvSource({"s3a://My_Bucket/x, My_Bucket", "s3a://-a-/x, -a-", "gs://a b/x, a b"})
  void aBucketHasLettersThatHadoopTakes(String typed, String bucket) {
    assertThat(fault(typed)).startsWith("%s: `%s` can be no bucket: ".formatted(typed, bucket));
  }

  @Test
  void whatLooksLikeASchemeAndIsNoneIsNamed() {
    assertThat(fault("1://x"))
        .isEqualTo("1://x: `1` is no scheme, such as s3a; write ./1://x for a folder of that name");
  }

  @Test
  void charactersThatDoNotShowAreShownByTheirNumbers() {
    assertThat(fault("a\nb")).startsWith("the location 'a\\u000ab' holds a line feed");
    assertThat(fault("a\0")).contains("'a\\u0000'");
    assertThat(fault("a\ud800b")).startsWith("the location 'a\\ud800b' holds half a character");
    assertThat(LocationFault.of("a\ud83c\udf72")).as("a whole one").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3a://AKIAKEY:SECRET@bucket/m",
        "s3a://AKIAKEY:SEC/RET@bucket/m",
        "s3a://AKIAKEY:SEC%2FRET@bucket",
        "s3a://AKIAKEY@bucket/m",
        "hdfs://AKIAKEY:SECRET@node:8020/m",
        "abfs://AKIAKEY:SECRET@account/m",
        "https://AKIAKEY:SECRET@host/m"
      })
  void keysInALocationAreRefusedAndNotRepeated(String typed) {
    assertThat(fault(typed))
        .contains("holds a user or a key")
        .contains("keys belong in the environment")
        .doesNotContain("SEC")
        .doesNotContain("AKIA");
  }
}
