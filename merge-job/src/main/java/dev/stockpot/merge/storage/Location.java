package dev.stockpot.merge.storage;

import static java.util.Objects.requireNonNull;

import dev.stockpot.merge.LocationFault;
import dev.stockpot.merge.UserException;
import java.io.Serializable;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a folder or an object lies, without a slash at the end. What one can be is known here
 * alone: a plain path of this machine, the same as a URI ({@code file:/models/a}), or a URI of
 * another scheme, such as {@code s3a://bucket/key}.
 */
public record Location(String path) implements Serializable {
  /** The scheme of this machine's file systems, which a plain path belongs to as well. */
  public static final String FILE = "file";

  private static final String FILE_PREFIX = FILE + ":";

  /** Two letters at least: {@code C:/models} is a folder of Windows. */
  private static final Pattern SCHEME = Pattern.compile("([a-zA-Z][a-zA-Z0-9+.-]+):/.*");

  private static final Pattern DRIVE = Pattern.compile("[a-zA-Z]:/.*");

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
   * One as a user typed it: in a recipe, a setting or a command. {@code ~} and {@code ~/…} are the
   * user's home, which no shell has put in place there; {@code ./~} is a folder of that name.
   *
   * @throws UserException if it can be none, with what to do
   */
  public static Location typed(String text) {
    LocationFault.of(text)
        .ifPresent(
            fault -> {
              throw new UserException(fault);
            });
    Location location = new Location(text.matches("~(/.*)?") ? home(text.substring(1)) : text);
    String scheme = location.scheme();
    return location.isPlainPath() || scheme.equals(FILE)
        ? location
        : new Location(scheme + text.substring(scheme.length()));
  }

  private static String home(String below) {
    String home = System.getProperty("user.home", "");
    if (!home.startsWith("/") && !DRIVE.matcher(home.replace('\\', '/')).matches()) {
      throw new UserException(
          "~%s: nobody knows the home of this user (user.home is '%s'). Write the whole path"
              .formatted(below, home));
    }
    return home + below;
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

  /**
   * What its URI begins with, in lower case: {@code s3a}; {@value #FILE} for a plain path, too.
   * Says which store it is in.
   */
  public String scheme() {
    Matcher uri = SCHEME.matcher(path);
    return uri.matches() ? uri.group(1).toLowerCase(Locale.ROOT) : FILE;
  }

  /** Whether it is a path as people type it, without a scheme. */
  public boolean isPlainPath() {
    return !SCHEME.matcher(path).matches();
  }

  /** Whether it is a plain path that counts from another folder. */
  public boolean isRelative() {
    return isPlainPath() && !path.startsWith("/") && !DRIVE.matcher(path).matches();
  }

  /**
   * What this machine calls it. What follows {@code file:} is the path as it stands, as in Hadoop:
   * nothing in it is percent-encoded.
   *
   * @throws UserException if it names another machine
   * @throws IllegalArgumentException if it is of another scheme
   */
  public String pathOfThisMachine() {
    if (!scheme().equals(FILE)) {
      throw new IllegalArgumentException("%s is not a path of this machine".formatted(this));
    }
    String local = path.substring(filePrefix().length());
    if (local.startsWith("//") && !local.startsWith("///") && !filePrefix().isEmpty()) {
      throw new UserException(
          "%s names a machine after file://. Write file:///path for a path of this machine"
              .formatted(this));
    }
    return local;
  }

  /**
   * The same as a path.
   *
   * @throws UserException if it names another machine, or this one cannot spell it
   * @throws IllegalArgumentException if it is of another scheme
   */
  public Path localPath() {
    String local = pathOfThisMachine();
    try {
      return Path.of(local);
    } catch (InvalidPathException e) {
      throw new UserException(
          "%s cannot be spelled in this process, whose language has no such characters: set LC_ALL=C.UTF-8"
              .formatted(this),
          e);
    }
  }

  /** {@code file:} as it is spelled here; nothing in front of a plain path. */
  public String filePrefix() {
    boolean isThere = path.regionMatches(true, 0, FILE_PREFIX, 0, FILE_PREFIX.length());
    return isThere ? path.substring(0, FILE_PREFIX.length()) : "";
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
