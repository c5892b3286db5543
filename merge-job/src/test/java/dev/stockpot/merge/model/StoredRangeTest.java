package dev.stockpot.merge.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stockpot.merge.storage.ByteRange;
import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.StoredObject;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StoredRangeTest {
  private static StoredRange range(long begin, long bytes) {
    StoredObject object = new StoredObject(new Location("/m/model.safetensors"), 1L << 40, "v1");
    return new StoredRange(object, new ByteRange(begin, begin + bytes));
  }

  @Test
  void equalRangesHaveOneHash() {
    assertThat(range(16, 8)).isEqualTo(range(16, 8)).hasSameHashCodeAs(range(16, 8));
    assertThat(range(16, 8)).isNotEqualTo(range(16, 9));
  }

  @Test
  void rowsOfAnEmbeddingSpreadOverTheBuckets() {
    Set<Integer> buckets = new HashSet<>();
    int rows = 1 << 16;
    for (long row = 0; row < rows; row++) {
      int hash = range(row << 14, 1 << 14).hashCode();
      buckets.add((hash ^ (hash >>> 16)) & (rows - 1)); // as a hash map of that many does
    }
    assertThat(buckets).hasSizeGreaterThan(rows / 2); // by chance it is 63 %
  }
}
