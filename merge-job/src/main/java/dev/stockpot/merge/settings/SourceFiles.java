package dev.stockpot.merge.settings;

import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The files of this machine that a recipe or settings in HOCON are made of: what they include. */
public final class SourceFiles {
  private SourceFiles() {}

  /** What a file includes, directly and through others, and the file itself. */
  public static Set<Path> of(Path file) {
    Path folder = file.toAbsolutePath().getParent();
    FolderIncluder includer = new FolderIncluder(Optional.of(folder), file.toString());
    Set<Path> files = new LinkedHashSet<>();
    if (!Hocon.parsed(file.toString(), Hocon.text(file), includer).isEmpty()) {
      files.addAll(includer.included());
    }
    files.add(file);
    return files;
  }
}
