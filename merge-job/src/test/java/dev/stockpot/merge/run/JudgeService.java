package dev.stockpot.merge.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.stockpot.kernels.number.Bfloat16;
import dev.stockpot.merge.json.Json;
import dev.stockpot.merge.json.JsonException;
import dev.stockpot.merge.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;

/** A service that scores models by their numbers, and remembers what it was asked. */
final class JudgeService implements AutoCloseable {
  private final HttpServer server;
  private final List<JsonObject> asked = new CopyOnWriteArrayList<>();
  private final AtomicInteger answersLeft = new AtomicInteger(Integer.MAX_VALUE);

  /**
   * A service.
   *
   * @param numbers of tensors at the end of a model's file
   */
  JudgeService(int numbers, ToDoubleFunction<float[]> worth) throws IOException {
    this(numbers, (question, model) -> "{\"worth\": %s}".formatted(worth.applyAsDouble(model)));
  }

  /**
   * A service with answers of its own.
   *
   * @param answers by what it is asked and the model's numbers: JSON of results
   */
  JudgeService(int numbers, BiFunction<JsonObject, float[], String> answers) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool(JudgeService::thread));
    server.createContext("/", exchange -> answer(exchange, numbers, answers));
    server.start();
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "judge");
    thread.setDaemon(true);
    return thread;
  }

  String address() {
    return "http://localhost:" + server.getAddress().getPort() + "/score";
  }

  /** How often which candidate was scored. */
  List<JsonObject> asked() {
    return List.copyOf(asked);
  }

  /** It will answer so often, and then no more. */
  void answersOnly(int times) {
    answersLeft.set(times);
  }

  private void answer(
      HttpExchange exchange, int numbers, BiFunction<JsonObject, float[], String> answers)
      throws IOException {
    try (exchange) {
      JsonObject question =
          Json.parse(exchange.getRequestBody().readAllBytes()).object().orElseThrow();
      if (answersLeft.getAndDecrement() <= 0) {
        exchange.sendResponseHeaders(503, -1);
        return;
      }
      asked.add(question);
      float[] model = numbers(Path.of(question.text("model")), numbers);
      byte[] body = answers.apply(question, model).getBytes(UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    } catch (JsonException e) {
      throw new IOException(e);
    }
  }

  /** The numbers of a model in one file of BF16. */
  static float[] numbers(Path folder, int count) {
    try {
      byte[] bytes = Files.readAllBytes(folder.resolve("model.safetensors"));
      ByteBuffer tensors = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      float[] numbers = new float[count];
      for (int i = 0; i < count; i++) {
        numbers[i] = Bfloat16.toFloat(tensors.getShort(bytes.length - 2 * (count - i)));
      }
      return numbers;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
