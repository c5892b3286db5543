package dev.stockpot.merge.storage.hadoop;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * What {@code benchmarks/s3.sh} needs beside Stockpot: an S3 server in a process of its own, its
 * models, and a plain copy with the AWS SDK that reads and writes as many bytes as a merge.
 */
public final class S3Benchmark {
  private static final String BUCKET = "models";
  private static final int RANGE = 32 << 20;
  private static final int PART = 64 << 20;
  private static final int THREADS = 8;

  private final S3Client s3;
  private final List<Future<?>> work = new ArrayList<>();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

  private S3Benchmark(int port) {
    s3 =
        S3Client.builder()
            .endpointOverride(URI.create("http://127.0.0.1:" + port))
            .forcePathStyle(true)
            .build();
  }

  /**
   * One of {@code serve PORT FOLDER}, {@code fill PORT FOLDER}, and {@code copy PORT BYTES}, which
   * reads all models, writes that many bytes and prints the seconds.
   */
  public static void main(String[] words) throws Exception {
    int port = Integer.parseInt(words[1]);
    switch (words[0]) {
      case "serve" -> serve(port, Path.of(words[2]));
      case "fill" -> new S3Benchmark(port).fill(Path.of(words[2]));
      default -> new S3Benchmark(port).copy(Long.parseLong(words[2]));
    }
  }

  private static void serve(int port, Path folder) throws Exception {
    Files.createDirectories(folder);
    Properties properties = new Properties();
    properties.setProperty("s3proxy.authorization", "aws-v2-or-v4");
    properties.setProperty("s3proxy.identity", System.getenv("AWS_ACCESS_KEY_ID"));
    properties.setProperty("s3proxy.credential", System.getenv("AWS_SECRET_ACCESS_KEY"));
    properties.setProperty("s3proxy.endpoint", "http://127.0.0.1:" + port);
    BlobStore objects = new FilesystemNio2BlobStore(folder.toString());
    objects.createContainer(BUCKET);
    S3Proxy.Builder.fromProperties(properties).blobStore(objects).build().start();
  }

  private void fill(Path models) throws Exception {
    try (Stream<Path> files = Files.walk(models)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        String key = models.relativize(file).toString();
        s3.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromFile(file));
      }
    }
    threads.shutdown();
  }

  private void copy(long bytes) throws Exception {
    List<S3Object> inputs =
        s3.listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
            .filter(object -> object.key().endsWith(".safetensors"))
            .filter(object -> !object.key().startsWith("merged"))
            .toList();
    long start = System.nanoTime();
    String upload =
        s3.createMultipartUpload(create -> create.bucket(BUCKET).key("copied")).uploadId();
    byte[] part = new byte[(int) Math.min(PART, bytes)];
    List<Future<CompletedPart>> parts = new ArrayList<>();
    for (long begin = 0; begin < bytes; begin += part.length) {
      int number = parts.size() + 1;
      int length = (int) Math.min(part.length, bytes - begin);
      parts.add(threads.submit(() -> put(upload, number, part, length)));
      readSome(inputs, begin, begin + length, bytes);
    }
    List<CompletedPart> completed = new ArrayList<>();
    for (Future<CompletedPart> next : parts) {
      completed.add(next.get());
    }
    await();
    completed.sort(Comparator.comparingInt(CompletedPart::partNumber));
    s3.completeMultipartUpload(
        complete ->
            complete
                .bucket(BUCKET)
                .key("copied")
                .uploadId(upload)
                .multipartUpload(all -> all.parts(completed)));
    System.out.printf("%.3f%n", (System.nanoTime() - start) / 1e9);
    s3.deleteObject(delete -> delete.bucket(BUCKET).key("copied"));
    threads.shutdown();
  }

  /** The share of the inputs that belongs to a share of the output. */
  private void readSome(List<S3Object> inputs, long begin, long end, long of) {
    for (S3Object input : inputs) {
      long last = (long) (input.size() * ((double) end / of));
      for (long at = (long) (input.size() * ((double) begin / of)); at < last; at += RANGE) {
        String range = "bytes=%s-%s".formatted(at, Math.min(at + RANGE, last) - 1);
        work.add(threads.submit(() -> read(input.key(), range)));
      }
    }
  }

  private long read(String key, String range) throws IOException {
    try (InputStream bytes =
        s3.getObject(
            get -> get.bucket(BUCKET).key(key).range(range), ResponseTransformer.toInputStream())) {
      return bytes.transferTo(OutputStream.nullOutputStream());
    }
  }

  private CompletedPart put(String upload, int number, byte[] part, int length) {
    String tag =
        s3.uploadPart(
                put -> put.bucket(BUCKET).key("copied").uploadId(upload).partNumber(number),
                RequestBody.fromInputStream(
                    new java.io.ByteArrayInputStream(part, 0, length), length))
            .eTag();
    return CompletedPart.builder().partNumber(number).eTag(tag).build();
  }

  private void await() throws InterruptedException, ExecutionException {
    for (Future<?> next : work) {
      next.get();
    }
  }
}
