package dev.stockpot.merge.run;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import java.util.jar.JarFile;

/** Which Stockpot this is. */
final class BuildVersion {
  /** What the build writes where nobody told it. */
  private static final String UNKNOWN = "unknown";

  private BuildVersion() {}

  /** As its jar tells; {@code development} outside of it. */
  static String stockpot() {
    return Optional.ofNullable(BuildVersion.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  /** The commit that its jar was made from; nothing where whoever made it did not tell. */
  static Optional<String> commit() {
    CodeSource source = BuildVersion.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      return Optional.empty();
    }
    try {
      return commit(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty(); // a class loader that is nobody's file
    }
  }

  /** That of a jar; nothing of what is none. */
  static Optional<String> commit(Path jar) {
    if (!Files.isRegularFile(jar)) {
      return Optional.empty();
    }
    try (JarFile file = new JarFile(jar.toFile())) {
      return Optional.ofNullable(file.getManifest())
          .map(manifest -> manifest.getMainAttributes().getValue("Implementation-Build"))
          .filter(commit -> !commit.isBlank() && !commit.equals(UNKNOWN));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
