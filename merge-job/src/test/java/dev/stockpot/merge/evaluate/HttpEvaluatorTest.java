package dev.stockpot.merge.evaluate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpEvaluatorTest {
  private static final Candidate CANDIDATE =
      new Candidate("abc", "s3a://bucket/soup", List.of("a", "b"), "merge_method: linear", 4);

  private HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void on(String path, int status, String body, String... headers) {
    server.createContext(path, exchange -> answer(exchange, status, body, headers));
  }

  private void answer(HttpExchange exchange, int status, String body, String... headers)
      throws IOException {
    try (exchange) {
      asked.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + exchange.getRequestHeaders().getFirst("Idempotency-Key")
              + " "
              + new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      byte[] bytes = body.getBytes(UTF_8);
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private HttpEvaluator at(String path) {
    return new HttpEvaluator(
        URI.create("http://localhost:" + server.getAddress().getPort() + path),
        Duration.ofMinutes(1),
        "");
  }

  @Test
  void asksWithTheCandidateAndItsKey() throws Exception {
    on("/score", 200, "{\n \"acc\": 0.5\n}");
    assertThat(at("/score").evaluate(CANDIDATE)).containsEntry("acc", Measure.of(.5));
    assertThat(asked)
        .containsExactly(
            "POST /score abc"
                + " {\"candidate\":\"abc\",\"model\":\"s3a://bucket/soup\",\"ingredients\":[\"a\",\"b\"],\"recipe\":\"merge_method:"
                + " linear\",\"seed\":4,\"weights\":[1.0,1.0]}");
  }

  @Test
  void asksAgainWhereItIsSentUntilThereIsAnAnswer() throws Exception {
    on("/score", 202, "", "Location", "/jobs/7", "Retry-After", "0");
    on("/jobs/7", 200, "0.25");
    assertThat(at("/score").evaluate(CANDIDATE)).containsValue(Measure.of(.25));
    assertThat(asked).hasSize(2).last().asString().startsWith("GET /jobs/7");
  }

  @Test
  void isNotSentToAnotherService() {
    on("/score", 202, "", "Location", "http://elsewhere.example/jobs/7");
    assertThatThrownBy(() -> at("/score").evaluate(CANDIDATE))
        .hasMessageContaining("elsewhere.example, which is another service");
  }

  @Test
  void anErrorIsNoScore() {
    on("/score", 500, "0.9");
    assertThatThrownBy(() -> at("/score").evaluate(CANDIDATE)).hasMessageContaining("answered 500");
    on("/away", 302, "0.9", "Location", "/score");
    assertThatThrownBy(() -> at("/away").evaluate(CANDIDATE)).hasMessageContaining("answered 302");
    on("/later", 202, "");
    assertThatThrownBy(() -> at("/later").evaluate(CANDIDATE))
        .hasMessageContaining("without a Location");
  }

  @Test
  void aServiceThatIsNotThereIsNamed() {
    HttpEvaluator evaluator = at("/score");
    server.stop(0);
    assertThatThrownBy(() -> evaluator.evaluate(CANDIDATE))
        .isInstanceOf(EvaluationException.class)
        .hasMessageContaining("/score cannot be asked");
  }

  @Test
  void aQuestionWhoseConnectionIsClosedIsAskedAgain() throws Exception {
    try (ClosingService service = new ClosingService(2)) {
      assertThat(service.evaluator().evaluate(CANDIDATE)).containsValue(Measure.of(.5));
      assertThat(service.keys()).containsExactly("abc", "abc", "abc");
    }
  }

  @Test
  void aServiceThatClosesEveryConnectionIsNotAskedForever() throws Exception {
    try (ClosingService service = new ClosingService(9)) {
      assertThatThrownBy(() -> service.evaluator().evaluate(CANDIDATE))
          .isInstanceOf(EvaluationException.class)
          .hasMessageContaining("cannot be asked");
      assertThat(service.keys()).hasSize(3);
    }
  }

  @Test
  void refusesAddressesThatAreNoneOrHoldAPassword() {
    for (String address : List.of("score", "ftp://host/x", "http:///x")) {
      assertThatThrownBy(() -> new HttpEvaluator(URI.create(address), Duration.ofHours(1), ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("no address of http");
    }
    assertThatThrownBy(
            () ->
                new HttpEvaluator(URI.create("https://me:secret@host/x"), Duration.ofHours(1), ""))
        .hasMessageContaining("password")
        .hasMessageNotContaining("secret");
  }

  @Test
  void linesOfAnAnswerMayEndAsOnWindows() throws Exception {
    on("/score", 200, "{\r\n  \"acc\": 0.5\r\n}\r\n");

    assertThat(at("/score").evaluate(CANDIDATE)).containsEntry("acc", Measure.of(.5));
  }

  @Test
  void saysHowManyExamplesAndLeavesOutWeightsThatAreNotAllThereIsToIt() throws Exception {
    on("/score", 200, "1");
    at("/score")
        .evaluate(new Candidate("c1", "m", List.of("a"), Candidate.Mix.UNKNOWN, "r", 4, 50));

    assertThat(asked)
        .containsExactly(
            "POST /score c1 {\"candidate\":\"c1\",\"model\":\"m\",\"ingredients\":[\"a\"],"
                + "\"recipe\":\"r\",\"seed\":4,\"budget\":50}");
  }
}
