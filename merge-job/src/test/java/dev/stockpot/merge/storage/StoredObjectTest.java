package dev.stockpot.merge.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import org.junit.jupiter.api.Test;

class StoredObjectTest {
  private static final StoredObject OBJECT =
      new StoredObject(new Location("s3a://bucket/model.safetensors"), 100, "v1");

  @Test
  void rangesUpToTheEndAreWithin() {
    assertThatCode(() -> OBJECT.requireWithin(0, 100)).doesNotThrowAnyException();
    assertThatCode(() -> OBJECT.requireWithin(99, 1)).doesNotThrowAnyException();
    assertThatCode(() -> OBJECT.requireWithin(100, 0)).doesNotThrowAnyException();
  }

  @Test
  void rangesBeyondTheEndAreNamed() {
    assertThatThrownBy(() -> OBJECT.requireWithin(60, 41))
        .isInstanceOf(EOFException.class)
        .hasMessage(
            "s3a://bucket/model.safetensors ends at byte 100, 41 bytes from 60 on were wanted");
    assertThatThrownBy(() -> OBJECT.requireWithin(Long.MAX_VALUE, 1))
        .isInstanceOf(EOFException.class);
  }

  @Test
  void noObjectHasFewerBytesThanNone() {
    assertThatThrownBy(() -> new StoredObject(OBJECT.location(), -1, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("s3a://bucket/model.safetensors has -1 bytes");
    assertThat(new StoredObject(OBJECT.location(), 0, "").size()).isZero();
  }
}
