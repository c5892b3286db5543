package dev.stockpot.merge.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/** Includes files beside the recipe, and nothing else: no URLs, no class path. */
final class FolderIncluder implements ConfigIncluder {
  private final Path folder;
  private final String source;

  FolderIncluder(Path folder, String source) {
    this.folder = folder;
    this.source = source;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    Path file = folder.resolve(what).normalize();
    if (!Files.isRegularFile(file)) {
      throw new ConfigException.BadPath(
          ConfigOriginFactory.newSimple(source),
          "include \"%s\": there is no file %s".formatted(what, file));
    }
    return ConfigFactory.parseFile(
            file.toFile(), context.parseOptions().setOriginDescription(file.toString()))
        .root();
  }
}
