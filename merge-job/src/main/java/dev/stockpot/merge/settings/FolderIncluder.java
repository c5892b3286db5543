package dev.stockpot.merge.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import java.io.File;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Includes files of a recipe's or settings' folder and those below it, and nothing else: no URLs,
 * no class path.
 */
final class FolderIncluder
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private static final int MOST_FILES = 32;

  private final Optional<Path> folder;
  private final String source;
  private final List<Path> included = new ArrayList<>();
  private double expansions = 1;

  FolderIncluder(Optional<Path> folder, String source) {
    this.folder = folder.map(Path::normalize);
    this.source = source;
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return this;
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    if (folder.isEmpty()) {
      throw refused(what, "only files of this machine include others; write it as one file");
    }
    Path file = folder.get().resolve(what).normalize();
    if (!file.startsWith(folder.get())) {
      throw refused(what, "leads out of the folder of who includes it; move the file into that");
    }
    if (!Files.isRegularFile(file)) {
      throw refused(what, "there is no file " + file);
    }
    included.add(file);
    if (included.size() > MOST_FILES) {
      throw refused(
          what, "that are more than %s files; does one include itself?".formatted(MOST_FILES));
    }
    String text = Hocon.text(file);
    expansions *= HoconScan.expansions(file.toString(), text);
    return Hocon.parsed(file.toString(), text, this).root();
  }

  /** What the substitutions of all files that were included come to, if each stands for others. */
  double expansions() {
    return expansions;
  }

  /** The files that were included so far. */
  List<Path> included() {
    return List.copyOf(included);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return include(context, what.toString());
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    throw refused(what.toString(), "nothing is fetched; put the file into this folder");
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    throw refused(what, "nothing is read from the class path; put the file beside this one");
  }

  private ConfigException refused(String what, String why) {
    return new ConfigException.BadPath(
        ConfigOriginFactory.newSimple(source), "include \"%s\": %s".formatted(what, why));
  }
}
