package dev.stockpot.merge.cli;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.stockpot.merge.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a quickstart makes before it merges. It is the same on every machine, so that a file which
 * is there with another content is somebody else's, and stays.
 */
final class QuickstartFolder {
  private final Path folder;
  private final Map<Path, byte[]> contents = new LinkedHashMap<>();

  QuickstartFolder(Path folder) {
    this.folder = folder;
  }

  /** Adds a file, to be written with the others. */
  void add(Path file, byte[] content) {
    contents.put(file, content);
  }

  /**
   * Writes the files that are not there.
   *
   * @throws UserException if one is there with another content; then none is written
   */
  void write() throws IOException {
    for (Map.Entry<Path, byte[]> file : contents.entrySet()) {
      requireOurs(file.getKey(), file.getValue());
    }
    for (Map.Entry<Path, byte[]> file : contents.entrySet()) {
      Files.createDirectories(file.getKey().getParent());
      if (!Files.exists(file.getKey())) {
        Path unfinished = Files.createTempFile(file.getKey().getParent(), ".stockpot-", ".new");
        Files.write(unfinished, file.getValue());
        Files.move(unfinished, file.getKey(), ATOMIC_MOVE);
      }
    }
  }

  private void requireOurs(Path file, byte[] content) throws IOException {
    if (Files.exists(file)
        && (!Files.isRegularFile(file)
            || Files.size(file) != content.length
            || !Arrays.equals(Files.readAllBytes(file), content))) {
      throw new UserException(
          "%s is not what a quickstart makes. Choose another folder than %s with --folder, or remove the file"
              .formatted(file, folder));
    }
  }
}
