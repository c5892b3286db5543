package dev.stockpot.merge.storage.hadoop;

import static java.net.HttpURLConnection.HTTP_NOT_FOUND;

import dev.stockpot.merge.storage.Location;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchUploadException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** An S3 server in this JVM, with its objects in memory and a wire that can break. */
public final class S3Server implements AutoCloseable {
  private static final String BUCKET = "models";

  private final BlobStore objects = new StrictStore(new TransientNio2BlobStore());
  private final S3Proxy proxy;
  private final S3Wire wire;

  /** Starts a server with one empty bucket. */
  public S3Server() throws Exception {
    Properties properties = new Properties();
    properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    properties.setProperty("s3proxy.identity", "test-access-key");
    properties.setProperty("s3proxy.credential", "test-secret-key");
    properties.setProperty("s3proxy.endpoint", "http://127.0.0.1:0");
    properties.setProperty("jclouds.provider", "transient-nio2");
    proxy = S3Proxy.Builder.fromProperties(properties).blobStore(objects).build();
    proxy.start();
    wire = new S3Wire(proxy.getPort());
    objects.createContainer(BUCKET);
  }

  /** What S3A has to know. */
  public Map<String, String> entries() {
    return Map.ofEntries(
        Map.entry("fs.s3a.endpoint", "http://127.0.0.1:" + wire.port()),
        Map.entry("fs.s3a.endpoint.region", "us-east-1"),
        Map.entry("fs.s3a.path.style.access", "true"),
        Map.entry("fs.s3a.connection.ssl.enabled", "false"),
        Map.entry("fs.s3a.access.key", "test-access-key"),
        Map.entry("fs.s3a.secret.key", "test-secret-key"),
        // faults are over at once, and so are those that last
        Map.entry("fs.s3a.attempts.maximum", "1"),
        Map.entry("fs.s3a.retry.limit", "2"),
        Map.entry("fs.s3a.retry.interval", "10ms"),
        Map.entry("fs.s3a.retry.throttle.limit", "2"),
        Map.entry("fs.s3a.retry.throttle.interval", "10ms"));
  }

  public Location root() {
    return new Location("s3a://" + BUCKET);
  }

  private String key(Location object) {
    return object.path().substring(root().path().length() + 1);
  }

  public void write(Location object, byte[] bytes) {
    objects.putBlob(
        PutObjectRequest.builder()
            .bucket(BUCKET)
            .key(key(object))
            .contentLength((long) bytes.length)
            .build(),
        new ByteArrayInputStream(bytes));
  }

  public byte[] read(Location object) throws IOException {
    try (var blob = objects.getBlob(BUCKET, key(object))) {
      return blob.readAllBytes();
    }
  }

  public void delete(Location object) {
    objects.removeBlob(BUCKET, key(object));
  }

  /** Paths of all objects below a folder, in it and deeper. */
  public List<String> objectsBelow(Location folder) {
    return objects.list(BUCKET).contents().stream()
        .map(S3Object::key)
        .map(key -> root().path() + "/" + key)
        .filter(path -> path.startsWith(folder.path() + "/"))
        .sorted()
        .toList();
  }

  /** Paths of objects that are being uploaded below a folder. */
  public List<String> uploadsBelow(Location folder) {
    return objects.listMultipartUploads(BUCKET).stream()
        .map(MultipartUpload::key)
        .map(key -> root().path() + "/" + key)
        .filter(path -> path.startsWith(folder.path() + "/"))
        .sorted()
        .toList();
  }

  /** Aborts what is being uploaded to an object, as a rule of the bucket may do. */
  void abortUploadsOf(Location object) {
    objects.listMultipartUploads(BUCKET).stream()
        .filter(upload -> upload.key().equals(key(object)))
        .forEach(
            upload ->
                objects.abortMultipartUpload(
                    new org.gaul.s3proxy.blobstore.domain.MultipartUpload(
                        upload.uploadId(),
                        CreateMultipartUploadRequest.builder()
                            .bucket(BUCKET)
                            .key(upload.key())
                            .build())));
  }

  /**
   * How often a part of an object was sent since the last {@link #forget}, by the object's name.
   */
  public Map<String, Long> partsSent() {
    return wire.requests().stream()
        .filter(request -> request.startsWith("PUT ") && request.contains("partNumber="))
        .map(request -> request.substring(request.lastIndexOf('/') + 1, request.indexOf('?')))
        .collect(Collectors.groupingBy(name -> name, Collectors.counting()));
  }

  /** Method and target of each request since the last {@link #forget}. */
  public List<String> requests() {
    return wire.requests();
  }

  /** Forgets requests and faults. */
  public void forget() {
    wire.forget();
  }

  /** Breaks the next requests of that kind. */
  public void breaks(Predicate<String> request, S3Wire.Fault fault, int times) {
    wire.breaks(request, fault, times);
  }

  /**
   * Does what Amazon does and s3proxy does not: refuses parts of an upload that was aborted, and an
   * object that is to replace another version than the one there; and lists no object that is still
   * being written, under a name it will not keep.
   */
  private static final class StrictStore extends ForwardingBlobStore {
    StrictStore(BlobStore objects) {
      super(objects);
    }

    @Override
    public synchronized PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
      if (request.ifMatch() != null) {
        HeadObjectResponse now = blobMetadataIfPresent(request.bucket(), request.key());
        if (now == null || !unquoted(request.ifMatch()).equals(unquoted(now.eTag()))) {
          throw S3Exceptions.preconditionFailed(new IllegalStateException("other version"));
        }
      }
      return super.putBlob(request, content);
    }

    @Override
    public synchronized CompleteMultipartUploadResponse completeMultipartUpload(
        org.gaul.s3proxy.blobstore.domain.MultipartUpload upload,
        CompleteMultipartUploadRequest request) {
      return super.completeMultipartUpload(upload, request);
    }

    @Override
    public synchronized ListObjectsV2Response list(ListObjectsV2Request request) {
      return super.list(request);
    }

    private static String unquoted(String entityTag) {
      return entityTag.replace("\"", "");
    }

    @Override
    public UploadPartResponse uploadMultipartPart(
        org.gaul.s3proxy.blobstore.domain.MultipartUpload upload,
        UploadPartRequest request,
        InputStream part) {
      if (listMultipartUploads(upload.containerName()).stream()
          .noneMatch(known -> known.uploadId().equals(upload.id()))) {
        throw NoSuchUploadException.builder()
            .statusCode(HTTP_NOT_FOUND)
            .message("the upload was aborted or completed")
            .build();
      }
      return super.uploadMultipartPart(upload, request, part);
    }
  }

  @Override
  public void close() throws IOException {
    wire.close();
    try {
      proxy.stop();
    } catch (Exception e) {
      throw new IOException("s3proxy does not stop", e);
    }
    objects.close();
  }
}
