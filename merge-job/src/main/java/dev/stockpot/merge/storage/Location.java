package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.UserException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a folder or an object lies: a plain path or a URI such as {@code s3a://bucket/key}, without
 * a slash at the end.
 */
public record Location(String path) implements Serializable {
  /** Two letters at least: {@code C:/models} is a folder of Windows. */
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):/.*");

  private static final String LOCAL_SCHEME = "file:";

  public Location {
    requireNonNull(path, "path is null");
    while (path.length() > 1 && path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (path.isBlank()) {
      throw new IllegalArgumentException("path is empty");
    }
  }

  /**
   * An object in this folder.
   *
   * @throws IllegalArgumentException if the name is not a plain file name, so that it could lead
   *     elsewhere
   */
  public Location child(String name) {
    if (!isPlain(name)) {
      throw new IllegalArgumentException("'%s' is not a plain file name".formatted(name));
    }
    return new Location(path.equals("/") ? path + name : path + "/" + name);
  }

  private static boolean isPlain(String name) {
    return !name.isEmpty()
        && !name.equals(".")
        && !name.equals("..")
        && name.chars().noneMatch(c -> c == '/' || c == '\\' || c == 0);
  }

  /**
   * An object in this folder or in folders below it.
   *
   * @param path plain names with a slash between them
   * @throws IllegalArgumentException if one of them is not a plain name
   */
  public Location descendant(String path) {
    Location location = this;
    for (String name : path.split("/", -1)) {
      if (!isPlain(name)) {
        throw new IllegalArgumentException("'%s' is not a plain file name".formatted(path));
      }
      location = location.child(name);
    }
    return location;
  }

  /** What a URI begins with, in lower case: {@code s3a}; nothing for a plain path. */
  public Optional<String> scheme() {
    Matcher uri = SCHEME.matcher(path);
    return uri.matches() ? Optional.of(uri.group(1).toLowerCase(Locale.ROOT)) : Optional.empty();
  }

  /** Whether it lies beyond this machine's file systems: neither a plain path nor a file URI. */
  public boolean isRemote() {
    return scheme().filter(scheme -> !scheme.equals("file")).isPresent();
  }

  /**
   * The path on this machine. What follows {@code file:} is the path as it stands, as in Hadoop:
   * nothing in it is percent-encoded.
   *
   * @throws UserException if it names another machine
   * @throws IllegalArgumentException if it is remote
   */
  public Path localPath() {
    String local = path;
    if (local.startsWith(LOCAL_SCHEME)) {
      local = local.substring(LOCAL_SCHEME.length());
      if (local.startsWith("//") && !local.startsWith("///")) {
        throw new UserException(
            "%s names a machine after file://. Write file:///path for a path of this machine"
                .formatted(path));
      }
    } else if (local.contains("://")) {
      throw new IllegalArgumentException("%s is not a path of this machine".formatted(path));
    }
    return Path.of(local);
  }

  /** The last part of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public String toString() {
    return path;
  }
}
