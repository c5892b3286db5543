package dev.stockpot.merge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Java's own connections would do by themselves, and a request may not. */
class RequestTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
  private final Set<InetSocketAddress> connections = Collections.synchronizedSet(new HashSet<>());
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private URI answers(FakeHub.Handler handler) {
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            connections.add(exchange.getRemoteAddress());
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
            handler.answer(exchange);
          }
        });
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/x");
  }

  private static void text(HttpExchange exchange, int status, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private static Wire.Answer send(String method, URI uri) throws IOException {
    return new Request(method, uri, Map.of("Accept", "*/*"), LONG, LONG).send();
  }

  private static String all(Wire.Answer answer) throws IOException {
    return new String(answer.body().all(1000), UTF_8);
  }

  @Test
  void headersOfOneNameKeepTheirOrderWhateverTheirCase() throws IOException {
    URI uri =
        answers(
            exchange -> {
              exchange.getResponseHeaders().add("Link", "<a>; rel=\"next\"");
              exchange.getResponseHeaders().add("Link", "<b>; rel=\"last\"");
              text(exchange, 200, "");
            });
    Wire.Answer answer = send("GET", uri);
    assertThat(answer.headers().allValues("link"))
        .containsExactly("<a>; rel=\"next\"", "<b>; rel=\"last\"");
    assertThat(answer.header("LINK")).contains("<a>; rel=\"next\"");
    assertThat(answer.header("X-None")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void redirectsAreAnswers(int status) throws IOException {
    URI uri =
        answers(
            exchange -> {
              exchange.getResponseHeaders().add("Location", "/elsewhere");
              text(exchange, status, "moved");
            });
    Wire.Answer answer = send("GET", uri);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("Location")).contains("/elsewhere");
    assertThat(asked).containsExactly("GET /x");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403, 404, 407, 410, 416, 429, 500, 503})
  void answersThatRefuseAreAnswersWithWhatTheySay(int status) throws IOException {
    URI uri =
        answers(
            exchange -> {
              exchange.getResponseHeaders().add("X-Error-Code", "RepoNotFound");
              text(exchange, status, "{\"error\": \"no\"}");
            });
    Wire.Answer answer = send("GET", uri);
    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.header("X-Error-Code")).contains("RepoNotFound");
    assertThat(all(answer)).isEqualTo("{\"error\": \"no\"}");
  }

  @Test
  void nobodyIsAskedForAPassword() throws IOException {
    Authenticator before = Authenticator.getDefault();
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            return new PasswordAuthentication("somebody", "secret".toCharArray());
          }
        });
    try {
      URI uri =
          answers(
              exchange -> {
                assertThat(exchange.getRequestHeaders()).doesNotContainKey("Authorization");
                exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"hub\"");
                text(exchange, 401, "");
              });
      assertThat(send("GET", uri).status()).isEqualTo(401);
      assertThat(asked).hasSize(1);
    } finally {
      Authenticator.setDefault(before);
    }
  }

  @Test
  void headHasHeadersAndNoBytes() throws IOException {
    URI uri =
        answers(
            exchange -> {
              exchange.getResponseHeaders().add("Content-Length", "700");
              exchange.sendResponseHeaders(200, -1);
            });
    Wire.Answer answer = send("HEAD", uri);
    assertThat(answer.header("Content-Length")).contains("700");
    assertThat(all(answer)).isEmpty();
  }

  @Test
  void anAnswerInChunksOfUnknownLengthIsReadToItsEnd() throws IOException {
    URI uri =
        answers(
            exchange -> {
              exchange.sendResponseHeaders(200, 0);
              exchange.getResponseBody().write("in chunks".getBytes(UTF_8));
            });
    assertThat(all(send("GET", uri))).isEqualTo("in chunks");
  }

  @Test
  void aConnectionServesAgainOnceItsAnswerWasReadAndNotBefore() throws IOException {
    URI uri = answers(exchange -> text(exchange, 200, "z".repeat(900)));
    for (int i = 0; i < 3; i++) {
      Wire.Answer answer = send("GET", uri);
      assertThat(all(answer)).hasSize(900);
      answer.body().close();
    }
    assertThat(connections).hasSize(1);
  }

  @Test
  void whatIsLeftOfAnAnswerIsNotWaitedFor() throws IOException {
    byte[] large = new byte[1 << 22];
    URI uri =
        answers(
            exchange -> {
              exchange.sendResponseHeaders(200, 1L << 40);
              exchange.getResponseBody().write(large);
              exchange.getResponseBody().flush();
            });
    Wire.Answer answer = send("GET", uri);
    answer.body().read(ByteBuffer.allocateDirect(1 << 20));
    answer.body().close();
    send("GET", uri).body().close();
    assertThat(connections).hasSize(2);
  }

  @Test
  void onlyWhatIsSaidIsSent() throws IOException {
    List<String> names = new ArrayList<>();
    URI uri =
        answers(
            exchange -> {
              names.addAll(exchange.getRequestHeaders().keySet());
              text(exchange, 200, "");
            });
    Map<String, String> said =
        Map.of("Accept", "*/*", "Range", "bytes=3-9", "User-Agent", "stockpot");
    new Request("GET", uri, said, LONG, LONG).send();
    assertThat(names)
        .containsExactlyInAnyOrder("Accept", "Range", "User-agent", "Host", "Connection");
  }

  @Test
  void whoIsInterruptedAsksNobody() throws IOException {
    URI uri = answers(exchange -> text(exchange, 200, ""));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> send("GET", uri)).isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(asked).isEmpty();
  }

  @Test
  void aServerThatIsSilentIsAFailureAndNoInterrupt() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      URI uri = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/x");
      Request request = new Request("GET", uri, Map.of(), LONG, Duration.ofMillis(100));
      assertThatThrownBy(request::send)
          .isInstanceOf(HttpTimeoutException.class)
          .isNotInstanceOf(InterruptedIOException.class);
    }
  }

  @Test
  void whatIsNoHttpIsNoAnswer() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      Thread greeter =
          new Thread(
              () -> {
                for (int i = 0; i < 2; i++) {
                  try (Socket guest = other.accept()) {
                    guest.getOutputStream().write("220 mail.example ready\r\n".getBytes(UTF_8));
                  } catch (IOException e) {
                    return; // the test is over
                  }
                }
              });
      greeter.start();
      URI uri = URI.create("http://127.0.0.1:" + other.getLocalPort() + "/x");
      assertThatThrownBy(() -> send("GET", uri)).isInstanceOf(IOException.class);
    }
  }
}
