package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.storage.StoredObject;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.s3a.AWSServiceIOException;
import org.apache.hadoop.fs.s3a.AWSServiceThrottledException;
import org.apache.hadoop.fs.s3a.RemoteFileChangedException;
import org.apache.hadoop.fs.s3a.S3AFileStatus;

/** What only S3A has. Not to be touched for other file systems: its jar may not be there. */
final class S3a {
  static final String SCHEME = "s3a";

  /** S3 takes no smaller part, but for the last of an object. */
  static final long LEAST_PART_BYTES = 5L << 20;

  static final int MOST_PARTS = 10_000;

  private static final int CLIENT_ERRORS = 400;
  private static final int SERVER_ERRORS = 500;

  private S3a() {}

  /** A status with which S3A asks for this version of the object and for no other. */
  static FileStatus status(Path path, StoredObject object, String entityTag) {
    return new S3AFileStatus(
        object.size(), 0, path, object.size(), "", "\"" + entityTag + "\"", null);
  }

  /** Whether a request was for a version that is no longer there. */
  static boolean isOtherVersion(IOException failure) {
    return failure instanceof RemoteFileChangedException;
  }

  /** Whether the store answered, and the answer was no. */
  static boolean isRefusal(IOException failure) {
    if (failure instanceof FileNotFoundException || failure instanceof AccessDeniedException) {
      return true;
    }
    return failure instanceof AWSServiceIOException answer
        && !(failure instanceof AWSServiceThrottledException)
        && answer.statusCode() >= CLIENT_ERRORS
        && answer.statusCode() < SERVER_ERRORS;
  }
}
