package dev.stockpot.merge.storage.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.stream.Collectors.joining;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.NameBeside;
import dev.stockpot.merge.storage.OutputOccupiedException;
import dev.stockpot.merge.storage.Place;
import dev.stockpot.merge.storage.Replaceable;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An output folder and what lies beside it while it is made.
 *
 * @param folder as the user named it
 * @param out its real path
 */
record OutputPlace(Location folder, Path out) {
  private static final NameBeside STAGING = new NameBeside(".stockpot");

  /** Without symbolic links, so that a folder that is one keeps its place. */
  static OutputPlace of(Location folder, Path path) throws IOException {
    Path out = Place.real(path);
    if (out.getParent() == null) {
      throw new OutputOccupiedException(
          "%s cannot be replaced. Name a folder in it".formatted(folder));
    }
    Files.createDirectories(out.getParent());
    return new OutputPlace(folder, out);
  }

  Path staging() {
    return out.resolveSibling(STAGING.of(out.getFileName().toString()));
  }

  /** The name of the output that is made in a folder of that name. */
  static Optional<String> outputOf(String staging) {
    return STAGING.output(staging);
  }

  Path files() {
    return staging().resolve("files");
  }

  LocalJournal journal() {
    return new LocalJournal(staging().resolve("journal"));
  }

  /** Names what goes of the folder that is being replaced, for whoever comes after a crash. */
  Path doomed() {
    return staging().resolve("doomed");
  }

  void writeDoomed(Replaceable replaceable) throws IOException {
    String names =
        replaceable.entries().stream()
            .sorted()
            .map(entry -> URLEncoder.encode(entry, UTF_8) + "\n")
            .collect(joining());
    FileTree.write(doomed(), UTF_8.encode(names));
    FileTree.force(staging());
  }

  private Replaceable readDoomed() throws IOException {
    return Replaceable.of(
        Files.readAllLines(doomed()).stream().map(name -> URLDecoder.decode(name, UTF_8)).toList());
  }

  Path old() {
    return out.resolveSibling("." + out.getFileName() + ".stockpot-old");
  }

  /** A merge died while it published: either it comes to nothing, or it had done its work. */
  void mendAfterCrash() throws IOException {
    if (Files.isDirectory(old()) && !Files.exists(out, NOFOLLOW_LINKS)) { // between its renames
      Files.move(old(), out, ATOMIC_MOVE);
    }
    if (!Files.exists(files(), NOFOLLOW_LINKS)) { // behind them
      journal().delete();
      if (Files.exists(doomed())) {
        FileTree.settle(old(), out, readDoomed());
      }
      FileTree.deleteEmpty(old());
    }
    Files.deleteIfExists(doomed());
  }

  void requireFree(Replaceable replaceable) throws IOException {
    if (!Files.exists(out, NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new OutputOccupiedException(
          "%s is a file. Name another folder, or remove the file".formatted(folder));
    }
    replaceable.requireNothingElse(folder, FileTree.entries(out, replaceable.enough()));
    if (replaceable.isAsked() && Files.exists(old(), NOFOLLOW_LINKS)) {
      throw new OutputOccupiedException(
          "%s has what lay in %s when that was replaced. Move what you need elsewhere, and delete it"
              .formatted(old(), folder));
    }
    // Found out now rather than by the rename at the end of a long merge.
    if (!Files.getFileStore(out).equals(Files.getFileStore(out.getParent()))) {
      throw new OutputOccupiedException(
          "%s is a mounted volume, which cannot be replaced. Name a folder in it, such as %s"
              .formatted(folder, folder.child("merged")));
    }
  }

  OutputOccupiedException unfinished(Optional<String> holder) {
    return new OutputOccupiedException(
        "A merge into %s was not finished%s. Go on with --resume, or give it up: stockpot discard %s"
            .formatted(folder, holder.map(" (%s)"::formatted).orElse(""), folder));
  }
}
