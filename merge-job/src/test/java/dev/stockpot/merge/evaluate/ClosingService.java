package dev.stockpot.merge.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service that closes connections without a word as often as it is told, and then answers 0.5.
 */
final class ClosingService implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
  private final List<String> keys = new CopyOnWriteArrayList<>();

  ClosingService(int closes) throws IOException {
    new Thread(() -> serve(closes)).start();
  }

  HttpEvaluator evaluator() {
    URI address = URI.create("http://localhost:%s/".formatted(socket.getLocalPort()));
    return new HttpEvaluator(address, Duration.ofMinutes(1), "");
  }

  /** Of the questions so far. */
  List<String> keys() {
    return List.copyOf(keys);
  }

  private void serve(int closes) {
    try {
      while (!socket.isClosed()) {
        try (Socket connection = socket.accept()) {
          readQuestion(connection);
          if (keys.size() > closes) {
            String answer = "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n0.5";
            connection.getOutputStream().write(answer.getBytes(UTF_8));
          }
        }
      }
    } catch (IOException e) {
      if (!socket.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Head and body, so that closing is no reset. */
  private void readQuestion(Socket connection) throws IOException {
    BufferedReader reader =
        new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
    int length = 0;
    for (String line = reader.readLine();
        line != null && !line.isEmpty();
        line = reader.readLine()) {
      String[] words = line.split(": ", 2);
      switch (words[0].toLowerCase(Locale.ROOT)) {
        case "idempotency-key" -> keys.add(words[1]);
        case "content-length" -> length = Integer.parseInt(words[1]);
        default -> {}
      }
    }
    for (long left = length; left > 0; ) {
      left -= reader.skip(left);
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
