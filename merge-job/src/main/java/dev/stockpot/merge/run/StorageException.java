package dev.stockpot.merge.run;

import dev.stockpot.merge.FailureKind;
import dev.stockpot.merge.UserException;
import dev.stockpot.merge.storage.CommitStateUnknownException;
import dev.stockpot.merge.storage.OutputOccupiedException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** A file, a folder or a store failed. The one door where such failures become words. */
public final class StorageException extends UserException {
  private static final long serialVersionUID = 1;

  private final FailureKind kind;

  private StorageException(FailureKind kind, String message, IOException cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** Says in words what file systems and stores say in types. */
  public static StorageException of(IOException failure) {
    try {
      throw failure;
    } catch (NoSuchFileException | FileNotFoundException e) {
      return because(e, "%s does not exist. Check the path".formatted(e.getMessage()));
    } catch (AccessDeniedException e) {
      return because(e, "%s may not be accessed. Check its permissions".formatted(e.getMessage()));
    } catch (FileAlreadyExistsException e) {
      return because(
          e,
          "%s is a file, where a folder is to be made. Name another folder"
              .formatted(e.getMessage()));
    } catch (FileSystemException e) {
      return because(
          e,
          e.getReason() == null ? e.getMessage() : "%s: %s".formatted(e.getFile(), e.getReason()));
    } catch (OutputOccupiedException e) {
      return new StorageException(FailureKind.OUTPUT_TAKEN, e.getMessage(), e);
    } catch (CommitStateUnknownException e) {
      return new StorageException(FailureKind.OUTPUT_UNKNOWN, e.getMessage(), e);
    } catch (IOException e) {
      return because(e, String.valueOf(e.getMessage()));
    }
  }

  private static StorageException because(IOException cause, String message) {
    return new StorageException(FailureKind.STORAGE, message, cause);
  }

  @Override
  public FailureKind kind() {
    return kind;
  }
}
