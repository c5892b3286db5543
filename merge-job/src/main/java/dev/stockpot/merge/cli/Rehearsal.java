package dev.stockpot.merge.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;

/**
 * What {@code ./stockpot} runs once after a build, in a scratch folder, so that the classes of a
 * merge are in the archive that later starts map into memory: the quickstart, a plan, and the
 * beginning of a merge into S3, for which a server without objects answers from this JVM.
 */
final class Rehearsal {
  private static final String PREFIX = "spark.hadoop.fs.s3a.";

  private static final Map<String, String> S3 =
      Map.of(
          "endpoint.region", "us-east-1",
          "path.style.access", "true",
          "connection.ssl.enabled", "false",
          "access.key", "nobody",
          "secret.key", "none",
          "attempts.maximum", "1",
          "retry.limit", "0");

  private Rehearsal() {}

  /** Takes the folder to work in; ends as the quickstart ends. */
  public static void main(String[] words) throws IOException {
    PrintWriter out = new PrintWriter(System.out, true, UTF_8);
    int code = rehearse(Path.of(words[0]), out);
    if (code != 0) {
      System.exit(code);
    }
  }

  /**
   * Gives the exit code of the quickstart. That of the merge, which cannot succeed, tells nothing.
   */
  static int rehearse(Path folder, PrintWriter out) throws IOException {
    int code = Main.run(new String[] {"quickstart", "--folder", folder.toString()}, out, out);
    String recipe = folder.resolve("ties.yml").toString();
    Main.run(new String[] {"plan", recipe}, out, out);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", Rehearsal::answer);
    server.start();
    try {
      S3.forEach((name, value) -> System.setProperty(PREFIX + name, value));
      System.setProperty(PREFIX + "endpoint", "http://127.0.0.1:" + server.getAddress().getPort());
      Main.run(new String[] {"merge", recipe, "s3a://nobody/merged"}, out, out);
    } finally {
      server.stop(0);
    }
    return code;
  }

  /** It takes everything and has nothing. */
  private static void answer(HttpExchange request) throws IOException {
    try (request) {
      request.getRequestBody().readAllBytes();
      byte[] answer =
          switch (request.getRequestMethod()) {
            case "GET" ->
                "<ListBucketResult><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>"
                    .getBytes(UTF_8);
            case "POST" ->
                "<InitiateMultipartUploadResult><UploadId>1</UploadId></InitiateMultipartUploadResult>"
                    .getBytes(UTF_8);
            default -> new byte[0];
          };
      request.getResponseHeaders().add("ETag", "\"1\"");
      request.sendResponseHeaders(
          request.getRequestMethod().equals("HEAD") ? 404 : 200,
          answer.length == 0 ? -1 : answer.length);
      request.getResponseBody().write(answer);
    }
  }
}
