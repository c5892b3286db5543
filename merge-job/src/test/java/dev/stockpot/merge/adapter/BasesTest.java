package dev.stockpot.merge.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A base that is called otherwise than the adapter's is told, and no other. */
class BasesTest {
  private static Optional<String> difference(String trained, String base) {
    return Bases.difference(
        new AdapterHeaders()
            .config("\"r\": 4, \"base_model_name_or_path\": \"%s\"".formatted(trained))
            .open(),
        base);
  }

  @ParameterizedTest
  @CsvSource({
    "org/base, org/base",
    "org/base, Org/Base",
    "org/base, org/base@main",
    "org/base, hf://org/base@v2",
    "org/base, /models/base",
    "org/base, /models/base/",
    "/home/me/models/base, s3a://bucket/base",
    "org/base, /cache/models--org--base/snapshots/abc",
    "org/base, /cache/hub/models--Org--Base/snapshots/abc/",
    "'', anything"
  })
  void oneModelUnderTwoNamesIsOne(String trained, String base) {
    assertThat(difference(trained, base)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "org/base, org/base-instruct",
    "org/base, /models/other",
    "org/base, /cache/models--org--base-2/snapshots/abc",
    "org/base, /cache/models--other--base2/snapshots/abc",
    "org/base@v1, org/other@v1"
  })
  void anotherNameIsTold(String trained, String base) {
    assertThat(difference(trained, base))
        .hasValue(
            "/adapters/lora was trained on %s, and is put on %s: their tensors fit, but look whether that is the same model"
                .formatted(trained, base));
  }
}
