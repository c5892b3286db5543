package dev.stockpot.merge.spark;

import dev.stockpot.merge.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What tasks are given and what they return, of one type, as bytes. They are records, which Java's
 * own serialization can make again and Kryo, the serializer of many sessions, cannot; bytes pass
 * through any of them.
 */
final class JavaBytes<R> {
  private static final ClassTag<Object> ANYTHING = ClassTag$.MODULE$.apply(Object.class);

  private final SerializerInstance java = new JavaSerializer(new SparkConf(false)).newInstance();

  /**
   * Writes it. Not as Spark does, which looks for what it is that cannot be written, and fails
   * where the JVM does not let it look.
   *
   * @throws UserException if it holds what is not serializable, or refuses to be written
   */
  byte[] write(R result) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
        out.writeObject(result);
      }
      return bytes.toByteArray();
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new UserException(
          ("%s cannot be sent between driver and tasks: %s. What the program of a method or a"
                  + " statistic holds must be serializable")
              .formatted(result.getClass().getSimpleName(), reason(e)),
          e);
    }
  }

  /**
   * What was written. Classes of methods in a user's jar are those of the calling thread.
   *
   * @throws UserException if it cannot be made again
   */
  @SuppressWarnings("unchecked") // who reads is who wrote
  R read(byte[] bytes) {
    try {
      return (R) java.deserialize(ByteBuffer.wrap(bytes), ANYTHING);
    } catch (Exception | StackOverflowError e) { // Scala declares no checked ones
      throw new UserException(
          "What was sent between driver and tasks, %s bytes, cannot be read: %s"
              .formatted(bytes.length, reason(e)),
          e);
    }
  }

  private static String reason(Throwable failure) {
    if (failure instanceof StackOverflowError) {
      return "it is nested too deeply";
    }
    String first = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    return "%s: %s".formatted(failure.getClass().getSimpleName(), first);
  }
}
