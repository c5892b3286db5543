package dev.stockpot.merge.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** What merges made. */
final class MergedFiles {
  private MergedFiles() {}

  /** A checksum of every file, by its path. */
  static Map<String, Long> checksums(Path out) throws IOException {
    Map<String, Long> checksums = new TreeMap<>();
    try (Stream<Path> files = Files.walk(out).filter(Files::isRegularFile)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        CRC32C crc = new CRC32C();
        crc.update(Files.readAllBytes(file));
        checksums.put(out.relativize(file).toString(), crc.getValue());
      }
    }
    return checksums;
  }
}
