package dev.stockpot.merge.storage.local;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.stockpot.merge.storage.Location;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.IOException;
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

  /** Without symbolic links, so that a folder that is one keeps its place. */
  static OutputPlace of(Location folder, Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    if (absolute.getParent() == null) {
      throw new OutputOccupiedException(
          "%s cannot be replaced. Name a folder in it".formatted(folder));
    }
    if (Files.exists(absolute)) {
      return new OutputPlace(folder, absolute.toRealPath());
    }
    Files.createDirectories(absolute.getParent());
    Path parent = absolute.getParent().toRealPath();
    return new OutputPlace(folder, parent.resolve(absolute.getFileName()));
  }

  Path staging() {
    return out.resolveSibling("." + out.getFileName() + ".stockpot");
  }

  Path files() {
    return staging().resolve("files");
  }

  LocalJournal journal() {
    return new LocalJournal(staging().resolve("journal"));
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
      FileTree.delete(old());
    }
  }

  void requireFree(boolean overwrite) throws IOException {
    if (!Files.exists(out, NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.isDirectory(out)) {
      throw new OutputOccupiedException(
          "%s is a file. Name another folder, or remove the file".formatted(folder));
    }
    if (!overwrite && FileTree.holdsSomething(out)) {
      throw occupied();
    }
    // Found out now rather than by the rename at the end of a long merge.
    if (!Files.getFileStore(out).equals(Files.getFileStore(out.getParent()))) {
      throw new OutputOccupiedException(
          "%s is a mounted volume, which cannot be replaced. Name a folder in it, such as %s"
              .formatted(folder, folder.child("merged")));
    }
  }

  OutputOccupiedException occupied() {
    return new OutputOccupiedException(
        "%s is not empty. Name another folder, or pass --overwrite to replace what it holds"
            .formatted(folder));
  }

  OutputOccupiedException unfinished(Optional<String> holder) {
    return new OutputOccupiedException(
        "A merge into %s was not finished%s. Go on with --resume, or give it up: stockpot discard %s"
            .formatted(folder, holder.map(" (%s)"::formatted).orElse(""), folder));
  }
}
