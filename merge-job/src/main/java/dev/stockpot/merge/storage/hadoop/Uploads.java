package dev.stockpot.merge.storage.hadoop;

import dev.stockpot.merge.UserException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.BBPartHandle;
import org.apache.hadoop.fs.BBUploadHandle;
import org.apache.hadoop.fs.MultipartUploader;
import org.apache.hadoop.fs.PartHandle;
import org.apache.hadoop.fs.UploadHandle;

/** Hadoop's multipart uploads of one object, with handles as text that can travel. */
final class Uploads {
  private static final int ABORT_ATTEMPTS = 3;

  private final HadoopFolder object;
  private final MultipartUploader uploader;

  /**
   * Uploads of an object.
   *
   * @throws UserException if its file system has none
   */
  Uploads(HadoopFolder object) throws IOException {
    this.object = object;
    try {
      this.uploader = object.files().createMultipartUploader(object.path().getParent()).build();
    } catch (UnsupportedOperationException e) {
      throw new UserException(
          "%s cannot be written: %s has no uploads in parts. Name a folder of s3a, of hdfs or of this machine"
              .formatted(object.location(), object.path().toUri().getScheme()),
          e);
    }
  }

  String start() throws IOException {
    try {
      return text(Waiting.until(uploader.startUpload(object.path())).toByteArray());
    } catch (IOException e) {
      throw HadoopFolder.explained(object.location(), e);
    }
  }

  /** Uploads a part and gives its handle. */
  String put(String upload, int number, InputStream bytes, long length) throws IOException {
    try {
      PartHandle part =
          Waiting.untilOver(
              uploader.putPart(handle(upload), number, false, object.path(), bytes, length));
      object.connections().finishedPart();
      return text(part.toByteArray());
    } catch (IOException e) {
      throw HadoopFolder.explained(object.location(), e);
    }
  }

  /**
   * Makes the object visible.
   *
   * @param parts their handles, in order
   * @throws IOException as Hadoop gives it, for {@link S3a#isRefusal}
   */
  void complete(String upload, List<String> parts) throws IOException {
    Map<Integer, PartHandle> handles = new HashMap<>();
    for (int i = 0; i < parts.size(); i++) {
      handles.put(i + 1, BBPartHandle.from(ByteBuffer.wrap(bytes(parts.get(i)))));
    }
    Waiting.until(uploader.complete(handle(upload), object.path(), handles));
  }

  /**
   * Discards an upload with its parts. S3 may keep a part that arrives meanwhile, so it is told
   * again until it no longer knows the upload.
   */
  void abort(String upload) throws IOException {
    for (int attempt = 0; attempt < ABORT_ATTEMPTS; attempt++) {
      try {
        Waiting.untilOver(uploader.abort(handle(upload), object.path()));
      } catch (FileNotFoundException e) {
        return;
      }
    }
  }

  /** Discards all uploads to objects below a folder, whoever started them. */
  static void abortBelow(HadoopFolder folder) throws IOException {
    MultipartUploader uploader = folder.files().createMultipartUploader(folder.path()).build();
    Waiting.untilOver(uploader.abortUploadsUnderPath(folder.path()));
  }

  private static UploadHandle handle(String upload) {
    return BBUploadHandle.from(ByteBuffer.wrap(bytes(upload)));
  }

  private static String text(byte[] handle) {
    return Base64.getEncoder().encodeToString(handle);
  }

  private static byte[] bytes(String handle) {
    return Base64.getDecoder().decode(handle);
  }
}
