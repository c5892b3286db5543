package dev.stockpot.merge.safetensors;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.MemoryStore;
import dev.stockpot.merge.storage.RangeReader;
import dev.stockpot.merge.storage.StoredObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Files that begin as shards do. */
abstract class ShardHeaderCases {
  static final Location FILE = new Location("s3://models/a/model-00002-of-00004.safetensors");

  final MemoryStore store = new MemoryStore();

  ShardHeader parse(byte[] file) throws IOException {
    store.write(FILE, file);
    StoredObject shard = store.find(FILE).orElseThrow();
    try (RangeReader reader = store.open(shard)) {
      return ShardHeader.parse(shard, reader);
    }
  }

  void assertCorrupt(byte[] file, String message) {
    assertThatThrownBy(() -> parse(file))
        .isInstanceOf(CorruptShardException.class)
        .hasMessage(FILE + ", " + message);
  }

  /** For the many faults whose remedy is the same. */
  void assertCorrupt(String header, int dataBytes, String message) {
    assertCorrupt(
        ShardBytes.shard(header, dataBytes),
        message + ". Fetch the shard again, or ask those who made it");
  }

  static String entry(String name, String dtype, String shape, String offsets) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":%s}"
        .formatted(name, dtype, shape, offsets);
  }

  static String header(String... entries) {
    return "{" + String.join(",", entries) + "}";
  }

  static List<Arguments> foreignFiles() {
    return List.of(
        Arguments.of(
            "PK\3\4 and so on",
            "a PyTorch checkpoint or another zip archive. Pickles are never opened here"),
        Arguments.of(
            "\u0080\2\u008a\nl\u00fc\u009cF\u00f9 j\u00a8P",
            "a Python pickle. Pickles are never opened here"),
        Arguments.of(
            "version https://git-lfs.github.com/spec/v1\noid sha256:",
            "a git-lfs pointer, without the weights it stands for. Run `git lfs pull`"),
        Arguments.of(
            "GGUF\3 and so on", "a GGUF file. Use the safetensors files that it was made from"),
        Arguments.of(
            "<!DOCTYPE html>",
            "a web page or an error message of a server. Fetch the shard again"));
  }
}
