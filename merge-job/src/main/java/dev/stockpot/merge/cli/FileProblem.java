package dev.stockpot.merge.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Says in words what the file system says in types. */
final class FileProblem {
  private FileProblem() {}

  static String explain(IOException failure) {
    if (failure instanceof NoSuchFileException || failure instanceof FileNotFoundException) {
      return "%s does not exist. Check the path".formatted(failure.getMessage());
    }
    if (failure instanceof AccessDeniedException) {
      return "%s may not be accessed. Check its permissions".formatted(failure.getMessage());
    }
    if (failure instanceof FileAlreadyExistsException) {
      return "%s is a file, where a folder is to be made. Name another folder"
          .formatted(failure.getMessage());
    }
    if (failure instanceof FileSystemException file && file.getReason() != null) {
      return "%s: %s".formatted(file.getFile(), file.getReason());
    }
    return String.valueOf(failure.getMessage());
  }
}
